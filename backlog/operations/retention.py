"""Erasing words that are kept long enough: each source says for how many months it keeps them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from backlog.models import Evidence, Feedback, Source, User
from backlog.operations import erasure, events
from backlog.rules import months

BATCH: Final = 200
"""So many at a time, so that nobody waits for it."""
_OVER: Final = ("verified", "declined")


@dataclass(frozen=True, slots=True)
class Due:
    """What a source would lose now: how many pieces of feedback came in before then."""

    source: Source
    before: datetime
    count: int


def due(*, at: datetime) -> list[Due]:
    """What the sweep would erase, source by source. Reads only."""
    return [
        Due(source, before, _expired(source, before).count()) for source, before in _limited(at)
    ]


def sweep(*, by: User | None, at: datetime) -> Iterator[int]:
    """Erase what is due, batch by batch, each in its own transaction; yields how many each had."""
    for source, before in _limited(at):
        while erased := _erase_some(source, before, by=by, at=at):
            yield erased


def _limited(at: datetime) -> Iterator[tuple[Source, datetime]]:
    limited = Source.objects.filter(keeps_words_months__isnull=False).order_by("name", "pk")
    for source in limited:
        yield source, months.later(at, -(source.keeps_words_months or 0))


def _expired(source: Source, before: datetime) -> "QuerySet[Feedback]":
    """What came in before then and speaks for no request that is still alive."""
    speaks = Evidence.objects.live().filter(feedback=OuterRef("pk"))
    return Feedback.objects.filter(
        ~Exists(speaks.exclude(counts_for__status__in=_OVER)),
        source=source,
        received_at__lt=before,
        erased_at__isnull=True,
    )


@transaction.atomic
def _erase_some(source: Source, before: datetime, *, by: User | None, at: datetime) -> int:
    oldest = _expired(source, before).order_by("received_at", "pk")[:BATCH]
    rows = Feedback.objects.filter(pk__in=list(oldest.values_list("pk", flat=True)))
    count = erasure.erase_words(rows, at=at)
    if count:
        events.record("words.expired", subject=source, by=by, at=at, data={"count": count})
    return count
