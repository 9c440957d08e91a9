"""What a report of a month, a quarter or a year says: each figure with its sample and its bounds.

The page, the file and the API show the same figures. They rest on the last rows of the period, and
counts stop at `COUNTED`: a report costs the same however much there ever was.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import sqrt
from statistics import stdev
from typing import Any, Final

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce

from backlog.models import (
    CustomerRequest,
    Feedback,
    Obligation,
    Outcome,
    Product,
    Reading,
    Reply,
    User,
)
from backlog.models.feedback import FeedbackQuerySet
from backlog.queries import loop_metrics
from backlog.queries.loop_metrics import Closure
from backlog.rules.calendars import start_of
from backlog.statistics import significance, surveys
from backlog.statistics.hearing_back import Between
from backlog.statistics.significance import Comparison, Mean, Verdict
from council.models import Decision
from council.queries import said_and_done
from council.queries.said_and_done import Promises
from council.rules.periods import Period

SAMPLE: Final = 5_000
COUNTED: Final = 10_000
SEGMENTS: Final = 12
"""The largest; a table of more is read by nobody."""
_DAY: Final = 24 * 60 * 60
_SHIPPED: Final = (Outcome.Result.DELIVERED, Outcome.Result.PARTLY)


class Name(StrEnum):
    """What a figure is of."""

    CLOSED = "loop_closed"
    MEDIAN_WAIT = "median_wait"
    NINETIETH_WAIT = "ninetieth_wait"
    ANSWERED = "answered"
    SOLVED = "solved"
    SATISFIED = "satisfied"
    NPS = "nps"
    CSAT = "csat"
    CES = "ces"
    VOICE = "voice"
    DELIVERY = "delivery"
    WORDS = "words"
    REQUESTS = "requests"
    DECISIONS = "decisions"
    OUTCOMES = "outcomes"
    TOLD = "told"


class Unit(StrEnum):
    PERCENT = "percent"
    DAYS = "days"
    POINTS = "points"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` lies between `low` and `high` at 95 %, as far as `n` can say; None is not known.

    `before` is the same of the period before. `verdict` says whether the difference is real; of
    delivery, whether the segment's share of it differs from its share of the voices.
    """

    name: Name
    unit: Unit
    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    segment: str | None = None
    before: float | None = None
    verdict: Verdict | None = None

    @property
    def is_too_few(self) -> bool:
        return self.unit != Unit.NUMBER and self.n < significance.FEW

    @property
    def is_at_least(self) -> bool:
        """Whether there were more than are counted."""
        return self.unit == Unit.NUMBER and (self.value or 0) > COUNTED


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    words: int
    told: int


@dataclass(frozen=True, slots=True)
class Report:
    """`is_running` while the period lasts; `is_sample` where there may be more than was read."""

    period: Period
    is_running: bool
    is_sample: bool
    figures: Sequence[Figure]
    months: Sequence[Month]
    promises: Promises

    def of(self, *names: Name) -> list[Figure]:
        """Of all segments together."""
        return [each for each in self.figures if each.name in names and each.segment is None]

    def by_segment(self, *names: Name) -> Mapping[str, Mapping[str, Figure]]:
        """By segment, as large as they are, and by name."""
        found: dict[str, dict[str, Figure]] = {}
        for each in self.figures:
            if each.name in names and each.segment is not None:
                found.setdefault(each.segment, {})[each.name.value] = each
        return found


def report(
    user: User,
    period: Period,
    *,
    products: "QuerySet[Product] | None" = None,
    at: datetime,
) -> Report:
    """Over the products that the person may see, or these of them."""
    seen = Product.objects.visible_to(user)
    rows = _Rows(seen, products if products is not None else seen, is_part=products is not None)
    now = loop_metrics.metrics(rows.owed(period), at=at)
    voices = rows.voices(period)
    figures = [
        *rows.counts(period),
        *_hearing(now.total, loop_metrics.metrics(rows.owed(period.before), at=at).total),
        *_ratings(rows.readings(period), rows.readings(period.before)),
        *_fairness(voices, rows.deliveries(period)),
        *_hearing_by_segment(now.segments[:SEGMENTS]),
    ]
    return Report(
        period,
        is_running=start_of(period.first) <= at < start_of(period.end),
        is_sample=now.is_sample or len(voices) == SAMPLE,
        figures=figures,
        months=[rows.month(each) for each in period.year_to_its_end],
        promises=said_and_done.promises(
            user, first=period.first, end=period.end, at=at, products=products
        ),
    )


def _during(period: Period, column: str) -> Q:
    return Q(**{f"{column}__gte": start_of(period.first), f"{column}__lt": start_of(period.end)})


@dataclass(frozen=True, slots=True)
class _Rows:
    """What a report reads, of the products that it is about."""

    seen: "QuerySet[Product]"
    products: "QuerySet[Product]"
    is_part: bool

    def owed(self, period: Period) -> "QuerySet[Obligation]":
        owed = Obligation.objects.filter(request__product__in=self.products)
        return owed.filter(_during(period, "owed_at"))

    def feedback(self, period: Period) -> FeedbackQuerySet:
        """Words about no product yet are part of the whole, and of no product."""
        said = Feedback.objects.exclude(FeedbackQuerySet.hidden(self.seen))
        said = said.filter(_during(period, "received_at"))
        return said.filter(product__in=self.products) if self.is_part else said

    def voices(self, period: Period) -> list[tuple[int, str]]:
        """Of each customer who spoke, and for which segment."""
        said = self.feedback(period).filter(customer__isnull=False)
        person = Coalesce("customer__merged_into", "customer")
        segment = Coalesce("account__segment", Value(""))
        newest = said.order_by("-received_at", "-pk").values_list(person, segment)[:SAMPLE]
        return [(pk, name) for pk, name in newest]

    def deliveries(self, period: Period) -> list[tuple[int, str]]:
        """Of each customer who asked for something that was delivered."""
        owed = self.owed(period).filter(announcement__outcome__result__in=_SHIPPED)
        segment = Coalesce("account__segment", Value(""))
        newest = owed.order_by("-pk").values_list("customer", segment)[:SAMPLE]
        return [(pk, name) for pk, name in newest]

    def readings(self, period: Period) -> Mapping[str, list[int]]:
        """Whole numbers by kind."""
        newest = self.feedback(period).order_by("-received_at", "-pk").values("pk")[:SAMPLE]
        found = Reading.objects.filter(feedback__in=newest).values_list("kind", "value")
        answers: dict[str, list[int]] = {}
        for kind, value in found:
            if value == int(value):
                answers.setdefault(kind, []).append(int(value))
        return answers

    def counts(self, period: Period) -> Iterator[Figure]:
        for name, read in (
            (Name.WORDS, self.feedback),
            (Name.REQUESTS, self._requests),
            (Name.DECISIONS, self._decisions),
            (Name.OUTCOMES, self._outcomes),
            (Name.TOLD, self._told),
        ):
            n = _count(read(period))
            yield Figure(name, Unit.NUMBER, n, n, before=_count(read(period.before)))

    def _requests(self, period: Period) -> "QuerySet[CustomerRequest]":
        opened = CustomerRequest.objects.filter(product__in=self.products)
        return opened.filter(_during(period, "opened_at"))

    def _decisions(self, period: Period) -> "QuerySet[Decision]":
        decided = Decision.objects.filter(request__product__in=self.products)
        return decided.filter(_during(period, "decided_at"))

    def _outcomes(self, period: Period) -> "QuerySet[Outcome]":
        recorded = Outcome.objects.current().filter(result__in=_SHIPPED)
        return recorded.filter(
            _during(period, "recorded_at"), commitment__request__product__in=self.products
        )

    def _told(self, period: Period) -> "QuerySet[Obligation]":
        return self.owed(period).filter(
            status__in=Obligation.HEARD, announcement__outcome__isnull=False
        )

    def month(self, month: Period) -> Month:
        return Month(month.first, _count(self.feedback(month)), _count(self._told(month)))


def _count(rows: "QuerySet[Any]") -> int:
    return rows.order_by()[: COUNTED + 1].count()


def _hearing(now: Closure, before: Closure) -> Iterator[Figure]:
    yield _share(Name.CLOSED, now.rate, before.rate)
    yield _wait(Name.MEDIAN_WAIT, now, before)
    yield _wait(Name.NINETIETH_WAIT, now, before)
    yield _share(Name.ANSWERED, now.answered, before.answered)
    yes = Reply.Verdict.YES
    yield _share(Name.SOLVED, now.answers.get(yes), before.answers.get(yes))
    yield _share(Name.SATISFIED, now.csat, before.csat)


def _hearing_by_segment(segments: Iterable[loop_metrics.Segment]) -> Iterator[Figure]:
    for segment in segments:
        yield _share(Name.CLOSED, segment.closure.rate, segment=segment.name)
        yield _wait(Name.MEDIAN_WAIT, segment.closure, segment=segment.name)


def _share(
    name: Name,
    now: significance.Share | None,
    before: significance.Share | None = None,
    *,
    segment: str | None = None,
) -> Figure:
    if now is None:
        return Figure(name, Unit.PERCENT, None, 0, segment=segment, before=_middle(before))
    compared = before and significance.compare(
        before=(before.part, before.n), after=(now.part, now.n)
    )
    return Figure(
        name,
        Unit.PERCENT,
        now.percent.middle,
        now.n,
        now.percent.low,
        now.percent.high,
        segment,
        _middle(before),
        compared.verdict if compared else None,
    )


def _middle(share: significance.Share | None) -> float | None:
    return share.percent.middle if share else None


def _wait(
    name: Name, now: Closure, before: Closure | None = None, *, segment: str | None = None
) -> Figure:
    """In days. Who waits is counted; without a latest time nobody can say how long it may be."""
    value, (low, high) = _waited(name, now)
    then = _waited(name, before)[0] if before else None
    n = now.waits.told + now.waits.waiting
    return Figure(name, Unit.DAYS, _days(value), n, _days(low), _days(high), segment, _days(then))


def _waited(name: Name, closure: Closure) -> tuple[timedelta | None, Between]:
    waits = closure.waits
    if name == Name.MEDIAN_WAIT:
        return waits.median, waits.median_between
    return waits.ninetieth, waits.ninetieth_between


def _days(time: timedelta | None) -> float | None:
    return None if time is None else time.total_seconds() / _DAY


def _ratings(
    now: Mapping[str, Sequence[int]], before: Mapping[str, Sequence[int]]
) -> Iterator[Figure]:
    kinds = Reading.Kind
    nps, was = surveys.nps(now.get(kinds.NPS, [])), surveys.nps(before.get(kinds.NPS, []))
    if nps:
        verdict = _real(_mean_of_nps(was) if was else None, _mean_of_nps(nps))
        bounds = (nps.value.low, nps.value.high)
        then = was.value.middle if was else None
        yield Figure(Name.NPS, Unit.POINTS, nps.value.middle, nps.n, *bounds, None, then, verdict)
    csat = surveys.csat(now.get(kinds.CSAT, []))
    if csat:
        yield _share(Name.CSAT, csat, surveys.csat(before.get(kinds.CSAT, [])))
    ces, then_ces = surveys.ces(now.get(kinds.CES, [])), surveys.ces(before.get(kinds.CES, []))
    if ces:
        verdict = _real(_mean(before.get(kinds.CES, [])), _mean(now[kinds.CES]))
        bounds = (ces.value.low, ces.value.high)
        then = then_ces.value.middle if then_ces else None
        yield Figure(Name.CES, Unit.POINTS, ces.value.middle, ces.n, *bounds, None, then, verdict)


def _mean_of_nps(nps: surveys.Nps) -> Mean:
    return Mean(nps.n, nps.value.middle or 0.0, nps.standard_error * sqrt(nps.n))


def _mean(answers: Sequence[int]) -> Mean | None:
    if len(answers) < 2:
        return None
    return Mean(len(answers), sum(answers) / len(answers), stdev(answers))


def _real(before: Mean | None, after: Mean | None) -> Verdict | None:
    if before is None or after is None:
        return None
    return significance.compare_means(before=before, after=after).verdict


def _fairness(
    voices: Iterable[tuple[int, str]], deliveries: Iterable[tuple[int, str]]
) -> Iterator[Figure]:
    """Each segment's share of the customers who spoke, and of those who got what they asked for."""
    spoke, got = (Counter(name for _, name in set(each)) for each in (voices, deliveries))
    largest = sorted(spoke | got, key=lambda name: (-spoke[name], -got[name], name))
    for name in largest[:SEGMENTS]:
        voice = (spoke[name], spoke.total())
        delivery = (got[name], got.total())
        yield _share(Name.VOICE, significance.share(*voice), segment=name)
        yield _of_delivery(
            significance.share(*delivery),
            significance.compare(before=voice, after=delivery),
            segment=name,
        )


def _of_delivery(
    share: significance.Share | None, compared: Comparison | None, *, segment: str
) -> Figure:
    if share is None:
        return Figure(Name.DELIVERY, Unit.PERCENT, None, 0, segment=segment)
    return Figure(
        Name.DELIVERY,
        Unit.PERCENT,
        share.percent.middle,
        share.n,
        share.percent.low,
        share.percent.high,
        segment,
        verdict=compared.verdict if compared else None,
    )
