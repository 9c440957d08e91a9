"""Who was forgotten: keyed hashes are left of what they went by and of what they said."""

import hashlib
import hmac
from collections.abc import Collection, Iterable
from functools import cache
from typing import Final

from django.conf import settings

from backlog.db.prepared import Prepared
from backlog.models import Customer, ErasedIdentifier, Source
from backlog.rules import addresses

_SALT: Final = "backlog.erased"
Name = tuple[str, ...]
"""An address, or a source's number for somebody."""

_KNOWN: Final = Prepared(
    lambda digests: ErasedIdentifier.objects.filter(digest__among=digests).values_list("digest")
)
_GONE: Final = Prepared(
    lambda ids: Customer.objects.filter(pk__among=ids, erased_at__isnull=False).values_list("pk")
)


def address(email: str) -> Name:
    """The same however it was written."""
    return ("email", addresses.normal(email) or email.strip().lower())


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
    """What is kept of a name: Django's `salted_hmac`, with the key derived once."""
    key = _key(settings.SECRET_KEY if secret is None else secret)
    return hmac.digest(key, "\0".join(name).encode(), "sha256").hex()


@cache
def _key(secret: str) -> bytes:
    return hashlib.sha256(f"{_SALT}{secret}".encode()).digest()


def digests(name: Name) -> list[str]:
    """By today's key and by those that were replaced."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [digest(name, secret) for secret in secrets]


def row_keys(keys: Iterable[str]) -> dict[str, str]:
    """By what stands for it, each dedupe key."""
    return {each: key for key in keys for each in digests(("row", key))}


def among(names: Iterable[Name]) -> set[Name]:
    """Those of them that somebody went by who was forgotten."""
    by_digest = {each: name for name in names for each in digests(name)}
    if not by_digest:
        return set()
    return {by_digest[each] for (each,) in _KNOWN.rows(list(by_digest))}


def customers_among(ids: Collection[int]) -> set[int]:
    """Those of these customers who were forgotten, as of now."""
    if not ids:
        return set()
    return {pk for (pk,) in _GONE.rows(list(ids))}
