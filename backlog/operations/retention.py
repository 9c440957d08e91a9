"""Erasing words that are kept long enough: each source says for how many months it keeps them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db import transaction

from backlog.models import Feedback, Source, User
from backlog.operations import erasure, events
from backlog.queries import retention as retention_queries

BATCH: Final = 200
"""So many at a time, so that nobody waits for it."""


def sweep(*, by: User | None, at: datetime) -> Iterator[int]:
    """Erase what is due, batch by batch, each in its own transaction; yields how many each had."""
    for source, before in retention_queries.limited(at):
        while erased := _erase_some(source, before, by=by, at=at):
            yield erased


@transaction.atomic
def _erase_some(source: Source, before: datetime, *, by: User | None, at: datetime) -> int:
    oldest = retention_queries.expired(source, before).order_by("received_at", "pk")[:BATCH]
    rows = Feedback.objects.filter(pk__in=list(oldest.values_list("pk", flat=True)))
    count = erasure.erase_words(rows, by=by, at=at)
    if count:
        events.record("words.expired", subject=source, by=by, at=at, data={"count": count})
    return count
