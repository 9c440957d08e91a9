"""Keeping the forgotten forgotten: who asked for it is known again only by a keyed hash.

Whoever stores a customer's words locks the customer first, and looks afterwards whether somebody
new goes by what one of the forgotten went by: storing an address waits for whoever removes it. A
link to a customer is no lock: the database looks at it when the transaction ends.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from backlog.errors import ErasedOnRequest
from backlog.models import Customer, ErasedIdentifier, Feedback, Source, User
from backlog.operations import events

_SALT: Final = "backlog.erased"
Name = tuple[str, ...]
"""An address, or a source's number for somebody."""


def address(email: str) -> Name:
    return ("email", email.strip().lower())


def number(source: Source, external_id: str) -> Name:
    return ("identity", str(source.pk), external_id)


def names_of(*, source: Source | None, external_id: str, email: str) -> list[Name]:
    """All that somebody goes by; what a source calls them may be an address, too."""
    found = [address(email)] if email else []
    if external_id:
        if source is not None:
            found.append(number(source, external_id))
        if "@" in external_id:
            found.append(address(external_id))
    return found


def row_key(key: str) -> str:
    """What stands for the dedupe key of words that were erased: the same file finds it again."""
    return _digest(("row", key))


def _digest(name: Name, secret: str | None = None) -> str:
    text = "\0".join(name)
    return salted_hmac(_SALT, text, secret=secret, algorithm="sha256").hexdigest()


def _digests(name: Name) -> set[str]:
    """By today's key and by those that were replaced."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return {_digest(name, secret) for secret in secrets}


def row_keys(keys: Iterable[str]) -> dict[str, str]:
    """By what stands for it, each dedupe key."""
    return {digest: key for key in keys for digest in _digests(("row", key))}


def remember(names: Iterable[Name], *, at: datetime) -> None:
    """Keep the hashes of these. The caller holds the customer's lock."""
    ErasedIdentifier.objects.bulk_create(
        [
            ErasedIdentifier(digest=digest, erased_at=at)
            for digest in sorted({*map(_digest, names)})
        ],
        ignore_conflicts=True,
    )


def among(names: Iterable[Name]) -> set[Name]:
    """Those of them that somebody went by who was forgotten."""
    by_digest = {digest: name for name in names for digest in _digests(name)}
    if not by_digest:
        return set()
    known = ErasedIdentifier.objects.filter(digest__among=list(by_digest))
    return {by_digest[digest] for digest in known.values_list("digest", flat=True)}


def check_names(*, source: Source | None, external_id: str, email: str) -> None:
    """Raises ErasedOnRequest if any of these is somebody's who was forgotten."""
    if among(names_of(source=source, external_id=external_id, email=email)):
        raise ErasedOnRequest


def customers_among(ids: Collection[int]) -> set[int]:
    """Those of these customers who were forgotten, as of now."""
    if not ids:
        return set()
    gone = Customer.objects.filter(pk__among=list(ids), erased_at__isnull=False)
    return set(gone.values_list("pk", flat=True))


def lock_kept(ids: Collection[int]) -> bool:
    """Lock these customers against being forgotten meanwhile; False if one of them was."""
    if not ids:
        return True
    rows = Customer.objects.select_for_update(no_key=True).filter(pk__among=list(ids))
    moments = rows.order_by("pk").values_list("erased_at", flat=True)
    return all(erased_at is None for erased_at in moments)


def keys_among(source: Source, keys: Collection[str]) -> set[str]:
    """Those dedupe keys by which words of the forgotten were known at a source."""
    by_digest = row_keys(keys)
    if not by_digest:
        return set()
    gone = Feedback.objects.filter(
        source=source, dedupe_key__among=list(by_digest), customer__erased_at__isnull=False
    )
    return {by_digest[key] for key in gone.values_list("dedupe_key", flat=True) if key}


@transaction.atomic
def welcome_back(
    *, by: User, at: datetime, email: str = "", source: Source | None = None, external_id: str = ""
) -> bool:
    """They came back of their own will: what they say is stored again from now on.

    False if nobody of this name was forgotten.
    """
    names = names_of(source=source, external_id=external_id, email=email)
    digests = {digest for name in names for digest in _digests(name)}
    deleted, _by_model = ErasedIdentifier.objects.filter(digest__in=digests).delete()
    if deleted:
        events.record("customer.welcomed_back", subject=by, by=by, at=at)
    return bool(deleted)
