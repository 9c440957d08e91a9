"""Series: what makes meetings ahead by a rule, and keeps each the one it was.

Requests that its meetings may hand on are locked first, then the council, the series, and its
meetings in the order of their days.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from backlog.db.isolation import isolated
from backlog.errors import Invalid, ReasonRequired
from backlog.models import User
from backlog.operations import events
from backlog.rules import calendars, text_input
from council import errors
from council.models import Council, Meeting, Series
from council.operations import meetings
from council.rules import public_holidays, recurrence
from council.rules.recurrence import Rule

HORIZON: Final = timedelta(days=183)
"""So far ahead meetings are made."""
MOST_AHEAD: Final = 26
LEAST_AHEAD: Final = 2
"""However rare a meeting is, so many are there to prepare."""
OF_MEETINGS: Final = frozenset({"title", "place", "minutes", "rule", "starts_at", "time_zone"})


class SeriesChanges(TypedDict, total=False):
    title: str
    place: str
    rule: str
    starts_on: date
    starts_at: str
    time_zone: str
    minutes: int
    sections: str
    country: str
    on_holiday: str


@transaction.atomic
def start_series(
    *, council_id: int, by: User | None, at: datetime, **details: Unpack[SeriesChanges]
) -> Series:
    """Meetings of the council that come again by this rule; the next ones are made at once.

    Raises Invalid for a rule that never occurs, ends before it starts, or occurs a thousand times.
    """
    meetings.lock_requests_of_council(council_id)
    council = Council.objects.select_for_update(of=("self",)).get(pk=council_id)
    series = Series(council=council, **details)
    _check(series)
    if series.starts_on < calendars.day_of(at) - timedelta(days=1):
        raise Invalid(
            _("The first day has passed. Start with one that is yet to come."),
            field="starts_on",
            code="in_the_past",
        )
    series.save()
    events.record("series.started", subject=series, by=by, at=at, data={"council": council.pk})
    _make_meetings(series, by=by, at=at)
    return series


@transaction.atomic
def edit_series(
    *,
    series_id: int,
    by: User | None,
    at: datetime,
    version: int | None = None,
    **changes: Unpack[SeriesChanges],
) -> Series:
    """Change a series, and with it its meetings to come that nobody has moved or skipped.

    A meeting whose day the rule still has stays the one it is, and those who are asked hear of
    what is new; one whose day is not in it any more is called off.
    """
    series = _lock(series_id)
    if series.ended_at is not None:
        raise _ended(series)
    changed = events.apply(series, dict(changes), version=version, by=by, at=at)
    if not changed:
        return series
    _check(series)
    series.save()
    events.record("series.edited", subject=series, by=by, at=at, data={"changed": changed})
    if OF_MEETINGS.intersection(changed) or "starts_on" in changed:
        _follow(series, by=by, at=at)
    _make_meetings(series, by=by, at=at)
    return series


@transaction.atomic
def end_series(*, series_id: int, reason: str, by: User | None, at: datetime) -> Series:
    """No more meetings, and those to come are called off. Ending it twice changes nothing."""
    if not reason.strip():
        raise ReasonRequired(_("Say why the series ends."))
    series = _lock(series_id)
    if series.ended_at is not None:
        return series
    series.ended_at = at
    series.save(update_fields=["ended_at"])
    events.record("series.ended", subject=series, by=by, at=at, reason=reason)
    for meeting_id in _to_come(series, at):
        meetings.cancel_meeting(meeting_id=meeting_id, reason=reason, by=by, at=at)
    return series


@transaction.atomic
def skip_occurrence(*, meeting_id: int, reason: str, by: User | None, at: datetime) -> Meeting:
    """One meeting of a series is not held this time; it can come back. Twice changes nothing."""
    meeting = Meeting.objects.get(pk=meeting_id)
    if meeting.series_id is None:
        raise errors.NotOfASeries(
            _("“%(meeting)s” belongs to no series: call it off instead.") % {"meeting": meeting}
        )
    _lock(meeting.series_id)
    meeting = meetings.cancel_meeting(meeting_id=meeting_id, reason=reason, by=by, at=at)
    if meeting.exception != Meeting.SeriesException.SKIPPED:
        meeting.exception = Meeting.SeriesException.SKIPPED
        meeting.save(update_fields=["exception"])
    return meeting


@transaction.atomic
def move_off_holiday(*, meeting_id: int, by: User | None, at: datetime) -> Meeting:
    """Hold it on the next working day of the series' country, at the same time of day."""
    meeting = Meeting.objects.select_related("series").get(pk=meeting_id)
    series = meeting.series
    if series is None or not series.country:
        raise errors.NotOfASeries(
            _("“%(meeting)s” belongs to no series that knows public holidays.")
            % {"meeting": meeting}
        )
    day = meeting.starts_at.astimezone(series.clock).date()
    instead = public_holidays.next_working_day(series.country, day)
    starts_at = recurrence.moment(instead, series.time_of_day, series.clock)
    return meetings.move_meeting(meeting_id=meeting_id, starts_at=starts_at, by=by, at=at)


def make_ahead(*, by: User | None, at: datetime) -> int:
    """Make what is still missing of each series; returns how many meetings that were.

    A series that cannot be made holds up no other.
    """
    count = 0
    for series_id in list(Series.objects.going_on().order_by("pk").values_list("pk", flat=True)):
        with isolated("Meetings of series %s cannot be made", series_id), transaction.atomic():
            series = _lock(series_id)
            if series.ended_at is None:
                count += _make_meetings(series, by=by, at=at)
    return count


def _lock(series_id: int) -> Series:
    meetings.lock_requests_of_council(Series.objects.get(pk=series_id).council_id)
    council = Council.objects.select_for_update(of=("self",)).get(series=series_id)
    series = Series.objects.select_for_update(of=("self",)).get(pk=series_id)
    series.council = council
    return series


def _check(series: Series) -> None:
    """Raises Invalid, ValidationError or UnstorableText; keeps the rule as all are written."""
    text_input.check(series)
    rule = recurrence.read(series.rule)
    recurrence.check(rule)
    series.rule = str(rule)
    if series.country and series.country not in public_holidays.COUNTRIES:
        raise Invalid(_("The public holidays of this country are not known."), field="country")
    if series.on_holiday != Series.OnHoliday.WARN and not series.country:
        raise Invalid(_("Say whose public holidays count."), field="country", code="required")
    series.full_clean()
    recurrence.check_occurs(rule, series.starts_on, series.time_of_day, series.clock)


def days_ahead(series: Series, *, by: User | None, at: datetime) -> list[date]:
    """The days by the rule for which there is to be a meeting by now."""
    days = _days(series, at)
    ends = (at + HORIZON).astimezone(series.clock).date()
    return [
        day
        for n, day in enumerate(islice(days, MOST_AHEAD))
        if day <= ends or n < LEAST_AHEAD
    ]  # fmt: skip


def _days(series: Series, at: datetime) -> Iterable[date]:
    rule: Rule = recurrence.read(series.rule)
    return (
        day
        for day in recurrence.days(rule, series.starts_on, series.time_of_day, series.clock)
        if recurrence.moment(day, series.time_of_day, series.clock) > at
    )


def _make_meetings(series: Series, *, by: User | None, at: datetime) -> int:
    wanted = days_ahead(series, by=by, at=at)
    known = {
        meeting.occurs_on: meeting
        for meeting in series.meetings.filter(occurs_on__in=wanted).order_by("occurs_on")
    }
    count = 0
    for day in wanted:
        meeting = known.get(day)
        if meeting is None:
            count += _make(series, day, set(wanted), by=by, at=at)
        elif meeting.status == Meeting.Status.CANCELLED and not meeting.exception:
            # The rule had lost its day, and has it again.
            meetings.restore_meeting(meeting_id=meeting.pk, by=by, at=at)
    return count


def _make(series: Series, day: date, days: set[date], *, by: User | None, at: datetime) -> int:
    """One meeting; on a public holiday it is moved or skipped, where the series says so."""
    starts_at = recurrence.moment(day, series.time_of_day, series.clock)
    meeting = meetings.schedule_meeting(
        council_id=series.council_id,
        title=series.title,
        starts_at=starts_at,
        minutes=series.minutes,
        place=series.place,
        series=series,
        occurs_on=day,
        by=by,
        at=at,
    )
    holiday = public_holidays.name_of(series.country, day)
    if not holiday or series.on_holiday == Series.OnHoliday.WARN:
        return 1
    instead = public_holidays.next_working_day(series.country, day)
    if series.on_holiday == Series.OnHoliday.SKIP or instead in days:
        skip_occurrence(meeting_id=meeting.pk, reason=holiday, by=by, at=at)
    else:
        move_off_holiday(meeting_id=meeting.pk, by=by, at=at)
    return 1


def _to_come(series: Series, at: datetime) -> list[int]:
    coming = series.meetings.filter(status__in=Meeting.TO_COME, starts_at__gt=at)
    return list(coming.order_by("occurs_on").values_list("pk", flat=True))


def _follow(series: Series, *, by: User | None, at: datetime) -> None:
    """The meetings to come are as the series has them now; who moved one has said otherwise."""
    wanted = set(islice(_days(series, at), MOST_AHEAD * 4))
    for meeting_id in _to_come(series, at):
        meeting = Meeting.objects.get(pk=meeting_id)
        if meeting.exception == Meeting.SeriesException.MOVED:
            continue
        assert meeting.occurs_on is not None
        if meeting.occurs_on not in wanted:
            reason = _("The series has no meeting on this day any more.")
            meetings.cancel_meeting(meeting_id=meeting_id, reason=reason, by=by, at=at)
            continue
        meetings.change_meeting(
            meeting_id=meeting_id,
            title=series.title,
            place=series.place,
            minutes=series.minutes,
            starts_at=recurrence.moment(meeting.occurs_on, series.time_of_day, series.clock),
            by=by,
            at=at,
        )


def _ended(series: Series) -> errors.SeriesEnded:
    return errors.SeriesEnded(_("“%(series)s” has ended. Start another.") % {"series": series})
