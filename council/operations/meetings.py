"""Meetings: calling them, what is on their agendas, opening and ending them."""

from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from backlog.errors import Invalid, ReasonRequired
from backlog.models import CustomerRequest, User
from backlog.operations import events
from backlog.rules import bounds, text_input
from council import errors
from council.models import AgendaItem, Council, Meeting, Series
from council.operations import attendances, ballots, invitations
from council.operations import minutes as minutes_operations
from council.queries import agenda_items as agenda_item_queries
from council.queries import meetings as meeting_queries

Status = Meeting.Status
Item = AgendaItem.Status
Kind = AgendaItem.Kind

TO_COME = Meeting.TO_COME
UNDER_WAY = Meeting.UNDER_WAY
NOT_REACHED = AgendaItem.NOT_REACHED


class OfSeries(TypedDict, total=False):
    """What one of a series has besides: the series, and the day on which its rule has it."""

    series: Series
    occurs_on: date


@transaction.atomic
def schedule_meeting(
    *,
    council_id: int,
    title: str,
    starts_at: datetime,
    by: User | None,
    at: datetime,
    minutes: int = 60,
    place: str = "",
    is_recorded_afterwards: bool = False,
    **of_series: Unpack[OfSeries],
) -> Meeting:
    """A sitting of the council at this time. What the council has not reached is on its agenda.

    One that has begun already is recorded afterwards, and only by somebody who says so. Who sits
    there is invited. One of a series says on which day its rule has it.
    """
    meeting = Meeting(
        **of_series,
        council=Council.objects.get(pk=council_id),
        title=text_input.storable(title, field="title"),
        place=text_input.storable(place, field="place"),
        starts_at=starts_at,
        minutes=minutes,
    )
    _check_length(minutes)
    if bounds.is_over(starts_at, at) and not is_recorded_afterwards:
        raise Invalid(
            _("That time has passed. To record a meeting afterwards, say that it is one."),
            field="starts_at",
            code="in_the_past",
        )
    meeting.full_clean()
    meeting.save()
    events.record("meeting.scheduled", subject=meeting, by=by, at=at, data={"council": council_id})
    invitations.invite(meeting, by=by, at=at)
    if meeting_queries.next_meeting(meeting, at=at) is None and starts_at >= at:
        _carry_over(meeting, by=by, at=at)
    return meeting


def _check_length(minutes: int) -> None:
    if not 5 <= minutes <= 24 * 60:
        raise Invalid(_("A meeting lasts from 5 minutes to a day."), field="minutes")


class ItemDetails(TypedDict, total=False):
    """What else an item of an agenda says. Without a kind, a request is to be decided on."""

    title: str
    kind: str
    section: str
    presenter: User | None
    papers: str
    reasons: list[dict[str, Any]]


def append_item(
    meeting: Meeting,
    request: CustomerRequest | None,
    *,
    minutes: int,
    by: User | None,
    at: datetime,
    status: str = Item.SCHEDULED,
    carried_from: AgendaItem | None = None,
    **details: Unpack[ItemDetails],
) -> AgendaItem:
    """At the end of the agenda, under the meeting's lock. A proposal says so by its `status`."""
    last = meeting.agenda_items.aggregate(Max("position"))["position__max"]
    details["kind"] = details.get("kind") or (Kind.DECIDE if request else Kind.DISCUSS)
    times_deferred = agenda_item_queries.times_carried_over(meeting, request, at)
    if carried_from and request is None:
        times_deferred = carried_from.times_deferred
    item = AgendaItem(
        meeting=meeting,
        request=request,
        position=(last or 0) + 1,
        minutes=minutes,
        status=status,
        proposed_by=by,
        times_deferred=times_deferred,
        carried_from=carried_from,
        **details,
    )
    text_input.check(item)
    item.full_clean()
    item.save()
    kind = "agenda_item.proposed" if status == Item.PROPOSED else "agenda_item.added"
    events.record(kind, subject=item, request=request, by=by, at=at, data={"meeting": meeting.pk})
    return item


def carry_over_item(
    item: AgendaItem, meeting: Meeting, *, by: User | None, at: datetime
) -> AgendaItem:
    """Put what was not reached on this agenda, as it was; under the meeting's lock."""
    return append_item(
        meeting,
        item.request,
        minutes=item.minutes,
        carried_from=item,
        title=item.title,
        kind=item.kind,
        section=item.section,
        presenter=item.presenter,
        papers=item.papers,
        reasons=item.reasons,
        by=by,
        at=at,
    )


@transaction.atomic
def open_meeting(*, meeting_id: int, by: User | None, at: datetime) -> Meeting:
    """The meeting begins, at most a day early and one of a council at a time.

    Decisions on its agenda can be recorded while it has its quorum. Idempotent while it lasts.
    """
    council, meeting = attendances.lock_meeting(meeting_id)
    if meeting.status in UNDER_WAY:
        return meeting
    attendances.check_open_to_come(meeting, at)
    other = council.meetings.filter(status__in=UNDER_WAY).first()
    if other is not None:
        raise errors.AnotherInSession(
            _("“%(meeting)s” of the same council is under way. End it first.") % {"meeting": other}
        )
    meeting.status, meeting.opened_at = Status.IN_SESSION, at
    meeting.save(update_fields=["status", "opened_at"])
    events.record("meeting.opened", subject=meeting, by=by, at=at)
    attendances.settle_quorum(meeting, by=by, at=at)
    return meeting


@transaction.atomic
def end_meeting(*, meeting_id: int, by: User | None, at: datetime) -> Meeting:
    """The meeting is over and its minutes can be written. Ending it twice changes nothing.

    What was not reached is carried over, and counted as such: to the agenda of the next meeting of
    the council, or of whichever is called next. What was for information is taken as heard.
    """
    _lock_requests_of(meeting_id)
    meeting = Meeting.objects.select_for_update().get(pk=meeting_id)
    if meeting.ended_at is not None:
        return meeting
    if meeting.status not in UNDER_WAY:
        raise errors.MeetingNotInSession(
            _("“%(meeting)s” is not in session.") % {"meeting": meeting}
        )
    left = meeting_queries.not_reached(meeting)
    left.filter(request__isnull=True, kind=Kind.INFORM).update(status=Item.INFORMED)
    deferred = list(left.values_list("pk", flat=True))
    left.update(status=Item.DEFERRED, times_deferred=F("times_deferred") + 1)
    meeting.status, meeting.ended_at = Status.MINUTES_DRAFT, at
    meeting.save(update_fields=["status", "ended_at"])
    attendances.end_all(meeting, by=by, at=at)
    ballots.withdraw_left_open(meeting, by=by, at=at)
    events.record("meeting.ended", subject=meeting, by=by, at=at, data={"deferred": deferred})
    minutes_operations.begin(meeting, by=by, at=at)
    _carry_over(meeting_queries.next_meeting(meeting, at=at), by=by, at=at)
    return meeting


def _lock_requests_of(meeting_id: int) -> None:
    """Requests are locked before meetings, always in this order."""
    on_agenda = AgendaItem.objects.filter(meeting=meeting_id, status__in=AgendaItem.OPEN)
    rows = CustomerRequest.objects.filter(pk__in=on_agenda.values("request"))
    list(rows.select_for_update().order_by("pk").values_list("pk"))


def lock_requests_of_council(council_id: int) -> None:
    """All that its meetings may hand on: before the council, and before any of its meetings."""
    waiting = (*AgendaItem.OPEN, Item.DEFERRED)
    items = AgendaItem.objects.filter(meeting__council=council_id, status__in=waiting)
    rows = CustomerRequest.objects.filter(pk__in=items.values("request"))
    list(rows.select_for_update().order_by("pk").values_list("pk"))


def _carry_over(meeting: Meeting | None, *, by: User | None, at: datetime) -> None:
    """Put there what the council was to decide, did not, and has on no agenda since."""
    if meeting is None:
        return
    for item in agenda_item_queries.left_over(meeting.council_id, at):
        carry_over_item(item, meeting, by=by, at=at)


@transaction.atomic
def cancel_meeting(*, meeting_id: int, reason: str, by: User | None, at: datetime) -> Meeting:
    """Call off a meeting to come, saying why. Cancelling it twice changes nothing.

    What is on its agenda is carried over, which does not count: it came to nothing.
    """
    if not reason.strip():
        raise ReasonRequired(_("Say why the meeting is called off."))
    _lock_requests_of(meeting_id)
    meeting = Meeting.objects.select_for_update().get(pk=meeting_id)
    if meeting.status == Status.CANCELLED:
        return meeting
    if meeting.status not in TO_COME:
        raise errors.MeetingBegun(
            _("“%(meeting)s” has begun; it can be ended only.") % {"meeting": meeting}
        )
    meeting.status = Status.CANCELLED
    meeting.sequence += 1
    meeting.save(update_fields=["status", "sequence"])
    attendances.end_all(meeting, by=by, at=at)
    left = meeting_queries.not_reached(meeting)
    left.update(status=Item.DEFERRED)
    events.record(
        "meeting.cancelled",
        subject=meeting,
        by=by,
        at=at,
        reason=reason,
    )
    invitations.call_off(meeting, by=by, at=at)
    _carry_over(meeting_queries.next_meeting(meeting, at=at), by=by, at=at)
    return meeting


@transaction.atomic
def restore_meeting(*, meeting_id: int, by: User | None, at: datetime) -> Meeting:
    """A meeting that was called off or skipped is held after all, at the time that it had.

    Its agenda begins anew: what was on it waits elsewhere by now. Twice changes nothing.
    """
    lock_requests_of_council(Meeting.objects.get(pk=meeting_id).council_id)
    _council, meeting = attendances.lock_meeting(meeting_id)
    if meeting.status in TO_COME:
        return meeting
    if meeting.status != Status.CANCELLED:
        raise errors.MeetingBegun(
            _("“%(meeting)s” has begun; it cannot come back.") % {"meeting": meeting}
        )
    if bounds.is_over(meeting.starts_at, at):
        raise errors.MeetingOver(
            _("The time of “%(meeting)s” has passed. Call another.") % {"meeting": meeting}
        )
    meeting.status, meeting.sequence = Status.SCHEDULED, meeting.sequence + 1
    if meeting.exception == Meeting.SeriesException.SKIPPED:
        meeting.exception = Meeting.SeriesException.NONE
    meeting.save(update_fields=["status", "sequence", "exception"])
    events.record("meeting.restored", subject=meeting, by=by, at=at)
    invitations.invite(meeting, by=by, at=at)
    if meeting_queries.next_meeting(meeting, at=at) is None:
        _carry_over(meeting, by=by, at=at)
    return meeting


@transaction.atomic
def move_meeting(
    *,
    meeting_id: int,
    starts_at: datetime,
    by: User | None,
    at: datetime,
    minutes: int | None = None,
) -> Meeting:
    """Hold a meeting to come at another time. It stays the one it is, and of its series.

    What it was to take up only because it came next goes to the one that comes next now.
    """
    return _change(
        meeting_id, {"starts_at": starts_at, "minutes": minutes}, is_moved=True, by=by, at=at
    )


@transaction.atomic
def change_meeting(
    *,
    meeting_id: int,
    by: User | None,
    at: datetime,
    **changes: Any,
) -> Meeting:
    """Give a meeting to come another title, place, length or time, as its series has them now."""
    return _change(meeting_id, changes, is_moved=False, by=by, at=at)


def _change(
    meeting_id: int, changes: dict[str, Any], *, is_moved: bool, by: User | None, at: datetime
) -> Meeting:
    _lock_requests_of(meeting_id)
    _council, meeting = attendances.lock_meeting(meeting_id)
    _check_changeable(meeting, at)
    new = {
        name: value
        for name, value in changes.items()
        if value is not None and getattr(meeting, name) != value
    }
    if not new:
        return meeting
    _check_length(new.get("minutes", meeting.minutes))
    if bounds.is_over(new.get("starts_at", at), at):
        raise Invalid(_("That time has passed."), field="starts_at", code="in_the_past")
    for name, value in new.items():
        setattr(meeting, name, value)
    if is_moved and meeting.series_id is not None:
        meeting.exception = Meeting.SeriesException.MOVED
    meeting.sequence += 1
    text_input.check(meeting)
    meeting.full_clean()
    meeting.save()
    events.record(
        "meeting.moved" if "starts_at" in new else "meeting.changed",
        subject=meeting,
        by=by,
        at=at,
        data={"changed": sorted(new)},
    )
    invitations.tell_change(meeting, is_another_time="starts_at" in new, by=by, at=at)
    if "starts_at" in new:
        _hand_on(meeting, by=by, at=at)
    return meeting


def _check_changeable(meeting: Meeting, at: datetime) -> None:
    if meeting.status not in TO_COME:
        raise errors.MeetingBegun(
            _("“%(meeting)s” is not to come any more; nothing of it changes.")
            % {"meeting": meeting}
        )
    if Meeting.objects.came_to_nothing(at=at).filter(pk=meeting.pk).exists():
        raise errors.MeetingOver(
            _("The time of “%(meeting)s” has passed. Call another.") % {"meeting": meeting}
        )


def _hand_on(meeting: Meeting, *, by: User | None, at: datetime) -> None:
    """What was carried over to a meeting that comes next no more goes on; that does not count."""
    coming = meeting_queries.next_meeting(meeting, at=at)
    if coming is None or coming.starts_at >= meeting.starts_at:
        return
    carried = meeting.agenda_items.filter(status=Item.SCHEDULED, carried_from__isnull=False)
    standing = coming.agenda_items.exclude(status__in=AgendaItem.GONE)
    on_it = set(standing.values_list("request", flat=True)) - {None}
    for item in carried.select_related("request", "presenter").order_by("pk"):
        if item.request_id in on_it:
            continue
        item.status = Item.DEFERRED
        item.save(update_fields=["status"])
        carry_over_item(item, coming, by=by, at=at)
