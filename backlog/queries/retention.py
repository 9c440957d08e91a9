"""Words that were kept for as long as their source says."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet

from backlog.models import Evidence, Feedback, Source
from backlog.rules import months

_OVER: Final = ("verified", "declined")


@dataclass(frozen=True, slots=True)
class Due:
    """What a source would lose now: how many pieces of feedback came in before then."""

    source: Source
    before: datetime
    count: int


def due(*, at: datetime) -> list[Due]:
    """What the sweep would erase, source by source. Reads only."""
    return [Due(source, before, expired(source, before).count()) for source, before in limited(at)]


def limited(at: datetime) -> Iterator[tuple[Source, datetime]]:
    limited = Source.objects.filter(keeps_words_months__isnull=False).order_by("name", "pk")
    for source in limited:
        yield source, months.later(at, -(source.keeps_words_months or 0))


def expired(source: Source, before: datetime) -> "QuerySet[Feedback]":
    """What came in before then and speaks for no request that is still alive."""
    speaks = Evidence.objects.live().filter(feedback=OuterRef("pk"))
    return Feedback.objects.filter(
        ~Exists(speaks.exclude(counts_for__status__in=_OVER)),
        source=source,
        received_at__lt=before,
        erased_at__isnull=True,
    )
