"""Who was forgotten: known again only by a keyed hash of what they went by."""

from collections.abc import Collection, Iterable
from typing import Final

from django.conf import settings
from django.utils.crypto import salted_hmac

from backlog.models import Customer, ErasedIdentifier, Feedback, Source

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
    return digest(("row", key))


def digest(name: Name, secret: str | None = None) -> str:
    text = "\0".join(name)
    return salted_hmac(_SALT, text, secret=secret, algorithm="sha256").hexdigest()


def digests(name: Name) -> set[str]:
    """By today's key and by those that were replaced."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return {digest(name, secret) for secret in secrets}


def row_keys(keys: Iterable[str]) -> dict[str, str]:
    """By what stands for it, each dedupe key."""
    return {digest: key for key in keys for digest in digests(("row", key))}


def among(names: Iterable[Name]) -> set[Name]:
    """Those of them that somebody went by who was forgotten."""
    by_digest = {digest: name for name in names for digest in digests(name)}
    if not by_digest:
        return set()
    known = ErasedIdentifier.objects.filter(digest__among=list(by_digest))
    return {by_digest[digest] for digest in known.values_list("digest", flat=True)}


def customers_among(ids: Collection[int]) -> set[int]:
    """Those of these customers who were forgotten, as of now."""
    if not ids:
        return set()
    gone = Customer.objects.filter(pk__among=list(ids), erased_at__isnull=False)
    return set(gone.values_list("pk", flat=True))


def keys_among(source: Source, keys: Collection[str]) -> set[str]:
    """Those dedupe keys by which words of the forgotten were known at a source."""
    by_digest = row_keys(keys)
    if not by_digest:
        return set()
    gone = Feedback.objects.filter(
        source=source, dedupe_key__among=list(by_digest), customer__erased_at__isnull=False
    )
    return {by_digest[key] for key in gone.values_list("dedupe_key", flat=True) if key}
