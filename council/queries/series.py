"""What a series says of itself: its sentence, its next days, its meetings and its holidays."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from django.db.models import Count, Q, QuerySet

from council.models import Council, Meeting, Series
from council.rules import public_holidays, recurrence, recurrence_texts

SHOWN: Final = 6
PAST: Final = 12


@dataclass(frozen=True, slots=True)
class Day:
    """When a meeting would be, which holiday that is, and when it would be instead."""

    starts_at: datetime
    holiday: str = ""
    instead: datetime | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A meeting of a series, when its rule has it, and which holiday that is."""

    meeting: Meeting
    by_rule: datetime
    holiday: str

    @property
    def is_skipped(self) -> bool:
        return self.meeting.exception == Meeting.SeriesException.SKIPPED

    @property
    def is_moved(self) -> bool:
        return self.meeting.exception == Meeting.SeriesException.MOVED


def sentence(series: Series) -> str:
    """In the language that is active."""
    rule = recurrence.read(series.rule)
    return recurrence_texts.sentence(rule, series.starts_on, series.time_of_day)


def next_days(series: Series, *, at: datetime, count: int = SHOWN) -> list[Day]:
    """The next days by the rule, of a series that need not be kept yet."""
    rule = recurrence.read(series.rule)
    days = recurrence.days(rule, series.starts_on, series.time_of_day, series.clock)
    moments = (recurrence.moment(day, series.time_of_day, series.clock) for day in days)
    return [
        _day(series, moment) for moment in islice((each for each in moments if each > at), count)
    ]


def _day(series: Series, starts_at: datetime) -> Day:
    day = starts_at.astimezone(series.clock).date()
    holiday = public_holidays.name_of(series.country, day)
    if not holiday:
        return Day(starts_at)
    instead = public_holidays.next_working_day(series.country, day)
    return Day(
        starts_at, holiday, recurrence.moment(instead, series.time_of_day, series.clock)
    )  # fmt: skip


def of_council(council: Council, *, at: datetime) -> QuerySet[Series]:
    """Those that go on, with how many of their meetings are to come."""
    to_come = Q(meetings__status__in=Meeting.TO_COME, meetings__starts_at__gt=at)
    return council.series.going_on().annotate(to_come=Count("meetings", filter=to_come)).order_by(
        "title", "pk"
    )  # fmt: skip


def to_come(series: Series, *, at: datetime) -> list[Occurrence]:
    """Its meetings that are yet to be, skipped ones among them, by the days of the rule."""
    rows = series.meetings.filter(
        Q(starts_at__gt=at) | Q(status__in=Meeting.UNDER_WAY)
    ).exclude(status=Meeting.Status.CANCELLED, exception="")  # fmt: skip
    return [_occurrence(series, each) for each in rows.order_by("occurs_on")]


def held(series: Series, *, at: datetime) -> list[Occurrence]:
    """The last of its meetings whose time has come, the latest first."""
    rows = series.meetings.filter(starts_at__lte=at).exclude(status__in=Meeting.UNDER_WAY)
    return [_occurrence(series, each) for each in rows.order_by("-occurs_on")[:PAST]]


def _occurrence(series: Series, meeting: Meeting) -> Occurrence:
    assert meeting.occurs_on is not None
    day = meeting.starts_at.astimezone(series.clock).date()
    by_rule = recurrence.moment(meeting.occurs_on, series.time_of_day, series.clock)
    return Occurrence(meeting, by_rule, public_holidays.name_of(series.country, day))
