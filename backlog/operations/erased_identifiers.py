"""Keeping the forgotten forgotten: who asked for it is known again only by a keyed hash.

Whoever stores a customer's words locks the customer first, and looks afterwards whether somebody
new goes by what one of the forgotten went by: storing an address waits for whoever removes it. A
link to a customer is no lock: the database looks at it when the transaction ends.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from django.db import transaction

from backlog.db.prepared import Prepared
from backlog.errors import ErasedOnRequest
from backlog.models import Customer, ErasedIdentifier, Source, User
from backlog.operations import events
from backlog.queries import erased_identifiers as identifiers
from backlog.queries.erased_identifiers import Name

_LOCKED: Final = Prepared(
    lambda ids: (
        Customer.objects.select_for_update(no_key=True)
        .filter(pk__among=ids)
        .order_by("pk")
        .values_list("pk", "erased_at", "language")
    )
)


def remember(names: Iterable[Name], *, by: User | None, at: datetime) -> None:
    """Keep the hashes of these. The caller holds the customer's lock."""
    ErasedIdentifier.objects.bulk_create(
        [
            ErasedIdentifier(digest=digest, erased_at=at)
            for digest in sorted({*map(identifiers.digest, names)})
        ],
        ignore_conflicts=True,
    )


def check_names(*, source: Source | None, external_id: str, email: str) -> None:
    """Raises ErasedOnRequest if any of these is somebody's who was forgotten."""
    if identifiers.among(identifiers.names_of(source=source, external_id=external_id, email=email)):
        raise ErasedOnRequest


def lock_kept(ids: Collection[int]) -> dict[int, str] | None:
    """Lock these customers against being forgotten meanwhile, and return what they speak.

    None if one of them was forgotten.
    """
    if not ids:
        return {}
    rows = _LOCKED.rows(sorted(ids))
    if any(erased_at is not None for _pk, erased_at, _language in rows):
        return None
    return {pk: language for pk, _erased_at, language in rows}


@transaction.atomic
def welcome_back(
    *, by: User, at: datetime, email: str = "", source: Source | None = None, external_id: str = ""
) -> bool:
    """They came back of their own will: what they say is stored again from now on.

    False if nobody of this name was forgotten.
    """
    names = identifiers.names_of(source=source, external_id=external_id, email=email)
    digests = {digest for name in names for digest in identifiers.digests(name)}
    deleted, _by_model = ErasedIdentifier.objects.filter(digest__in=digests).delete()
    if deleted:
        events.record("customer.welcomed_back", subject=by, by=by, at=at)
    return bool(deleted)
