"""Meetings: calling them, what is on their agendas, opening and ending them."""

from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from backlog.errors import Invalid, ReasonRequired
from backlog.models import CustomerRequest, User
from backlog.operations import events
from backlog.rules import bounds, text_input
from council import errors
from council.models import AgendaItem, Council, Meeting
from council.operations import attendances, ballots
from council.operations import minutes as minutes_operations
from council.queries import agenda_items as agenda_item_queries
from council.queries import meetings as meeting_queries

Status = Meeting.Status
Item = AgendaItem.Status
Kind = AgendaItem.Kind

TO_COME = Meeting.TO_COME
UNDER_WAY = Meeting.UNDER_WAY
NOT_REACHED = AgendaItem.NOT_REACHED


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
) -> Meeting:
    """A sitting of the council at this time. What the council has not reached is on its agenda.

    One that has begun already is recorded afterwards, and only by somebody who says so.
    """
    meeting = Meeting(
        council=Council.objects.get(pk=council_id),
        title=text_input.storable(title, field="title"),
        place=text_input.storable(place, field="place"),
        starts_at=starts_at,
        minutes=minutes,
    )
    if not 5 <= minutes <= 24 * 60:
        raise Invalid(_("A meeting lasts from 5 minutes to a day."), field="minutes")
    if bounds.is_over(starts_at, at) and not is_recorded_afterwards:
        raise Invalid(
            _("That time has passed. To record a meeting afterwards, say that it is one."),
            field="starts_at",
            code="in_the_past",
        )
    meeting.full_clean()
    meeting.save()
    events.record("meeting.scheduled", subject=meeting, by=by, at=at, data={"council": council_id})
    if meeting_queries.next_meeting(meeting, at=at) is None and starts_at >= at:
        _carry_over(meeting, by=by, at=at)
    return meeting


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
    meeting.save(update_fields=["status"])
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
    _carry_over(meeting_queries.next_meeting(meeting, at=at), by=by, at=at)
    return meeting
