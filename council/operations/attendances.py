"""Attendances: who comes to a meeting and goes, and what that makes of its quorum.

All lock the council before the meeting, so that nobody's term ends while they come in.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import DateTimeField, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from backlog.auth.personal_acts import in_person
from backlog.models import User
from backlog.operations import events
from council import errors
from council.models import Attendance, Council, Meeting, Seat, SeatTerm
from council.queries import attendances as attendance_queries
from council.queries import seats as seat_queries

Capacity = Attendance.Capacity
BEFOREHAND = timedelta(days=1)
"""So long before it starts a meeting may be opened, and its people may come in."""


@in_person
@transaction.atomic
def attend(*, meeting_id: int, by: User, at: datetime, user: User | None = None) -> Attendance:
    """Somebody is there, for the seat that is theirs; without a seat, to chair or write.

    Whose seat an alternate or a proxy speaks for takes it back by coming. An alternate comes in
    only where the holder is not there. Coming twice changes nothing.
    """
    user = user or by
    council, meeting = lock_meeting(meeting_id)
    check_open_to_come(meeting, at)
    check_may_say(user, by)
    present = meeting.attendances.there().filter(user=user).exclude(capacity=Capacity.PROXY)
    already = present.first()
    if already is not None:
        return already
    term = seat_queries.term_of(council, user)
    if term is None and user.pk not in (council.chair_id, council.secretary_id):
        raise _not_seated(council, user)
    if term is not None:
        _free(meeting, term, by=by, at=at)
    seat = term.seat if term else None
    return _come(meeting, user, seat, _capacity(term), by=by, at=at)


@in_person
@transaction.atomic
def give_proxy(*, meeting_id: int, seat_id: int, user: User, by: User, at: datetime) -> Attendance:
    """Somebody else who is there speaks for a voting seat too, on record; for one at most.

    The seat's own people give it, or who runs the meeting does so for them. It votes, and makes no
    department present. Giving it twice changes nothing.
    """
    council, meeting = lock_meeting(meeting_id)
    check_open_to_come(meeting, at)
    seat = Seat.objects.get(pk=seat_id, council=council)
    check_may_give(seat, by)
    there = meeting.attendances.there()
    already = there.filter(seat=seat).select_related("user").first()
    if already is not None and already.user_id == user.pk:
        return already
    if already is not None:
        raise errors.SeatRepresented(
            _("%(user)s speaks for “%(seat)s” already.") % {"user": already.user, "seat": seat}
        )
    carries = there.filter(user=user)
    if not seat.is_voting or not carries.exists():
        raise errors.NotPresent(_("%(user)s is not there to vote for them.") % {"user": user})
    if carries.filter(capacity=Capacity.PROXY).exists():
        raise errors.CarriesProxy(_("%(user)s speaks for another seat already.") % {"user": user})
    return _come(meeting, user, seat, Capacity.PROXY, by=by, at=at)


@in_person
@transaction.atomic
def leave(*, meeting_id: int, by: User, at: datetime, user: User | None = None) -> Meeting:
    """Somebody goes, and with them whom they speak for. Going twice changes nothing."""
    user = user or by
    _council, meeting = lock_meeting(meeting_id)
    check_may_say(user, by)
    for attendance in meeting.attendances.there().filter(user=user).order_by("pk"):
        _go(attendance, by=by, at=at)
    settle_quorum(meeting, by=by, at=at)
    return meeting


@transaction.atomic
def end_with_term(term: SeatTerm, *, by: User | None, at: datetime) -> None:
    """Who no longer holds the seat no longer speaks for it; the caller holds the council's lock."""
    there = Attendance.objects.there().filter(seat=term.seat_id, user=term.user_id)
    live = there.filter(meeting__status__in=(*Meeting.TO_COME, *Meeting.UNDER_WAY))
    for attendance in live.exclude(capacity=Capacity.PROXY).order_by("meeting", "pk"):
        Meeting.objects.select_for_update(of=("self",)).get(pk=attendance.meeting_id)
        _go(attendance, by=by, at=at)


@transaction.atomic
def settle_council(council: Council, *, by: User | None, at: datetime) -> None:
    """Its seats or its quorum were changed; the caller holds the council's lock."""
    under_way = council.meetings.filter(status__in=Meeting.UNDER_WAY)
    for meeting in under_way.select_for_update(of=("self",)):
        settle_quorum(meeting, by=by, at=at)


@transaction.atomic
def end_all(meeting: Meeting, *, by: User | None, at: datetime) -> None:
    """The meeting is over, or called off: everybody goes. The caller holds its lock."""
    gone_at = Greatest("came_at", Value(at, output_field=DateTimeField()))
    meeting.attendances.there().update(left_at=gone_at)


@transaction.atomic
def settle_quorum(meeting: Meeting, *, by: User | None, at: datetime) -> None:
    """A meeting under way is in session where enough departments are there, else inquorate.

    The caller holds its lock.
    """
    if meeting.status not in Meeting.UNDER_WAY:
        return
    found = attendance_queries.quorum_of(meeting)
    status = Meeting.Status.IN_SESSION if found.is_met else Meeting.Status.INQUORATE
    if meeting.status == status:
        return
    meeting.status = status
    meeting.save(update_fields=["status"])
    events.record(
        "meeting.quorum_regained" if found.is_met else "meeting.quorum_lost",
        subject=meeting,
        by=by,
        at=at,
        data={"present": found.present, "needed": found.needed, "departments": found.departments},
    )


def lock_meeting(meeting_id: int) -> tuple[Council, Meeting]:
    """The council first, always in this order."""
    council = Council.objects.select_for_update(of=("self",)).get(meetings=meeting_id)
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting_id)
    meeting.council = council
    return council, meeting


def check_open_to_come(meeting: Meeting, at: datetime) -> None:
    """Raises MeetingOver and MeetingTooEarly."""
    if meeting.status not in (*Meeting.TO_COME, *Meeting.UNDER_WAY):
        raise errors.MeetingOver(_("“%(meeting)s” is over.") % {"meeting": meeting})
    check_not_early(meeting, at)


def check_not_early(meeting: Meeting, at: datetime) -> None:
    """A meeting is held around its time: opened by mistake, it would carry over what is on it."""
    if meeting.status in Meeting.TO_COME and meeting.starts_at - at > BEFOREHAND:
        days = (meeting.starts_at - at).days
        raise errors.MeetingTooEarly(
            _("“%(meeting)s” is %(days)d days away. It can be opened from one day before.")
            % {"meeting": meeting, "days": days}
        )


def check_may_say(user: User, by: User) -> None:
    """Everybody says of themselves that they are there; of others, who runs the meeting."""
    if user.pk != by.pk and not by.has_perm("council.hold_meeting"):
        raise errors.NotYoursToSay(
            _("Only who runs the meeting says of others that they come or go.")
        )


def check_may_give(seat: Seat, by: User) -> None:
    own = SeatTerm.objects.current().filter(seat=seat, user=by)
    if not (own.exists() or by.has_perm("council.hold_meeting")):
        raise errors.NotYoursToSay(
            _("A proxy is given by who holds the seat, or by who runs the meeting.")
        )


def _capacity(term: SeatTerm | None) -> Capacity:
    if term is None:
        return Capacity.OFFICER
    return Capacity.ALTERNATE if term.is_alternate else Capacity.HOLDER


def _not_seated(council: Council, user: User) -> errors.NotSeated:
    return errors.NotSeated(
        _("%(user)s has no seat in “%(council)s”.") % {"user": user, "council": council}
    )


def _free(meeting: Meeting, term: SeatTerm, *, by: User, at: datetime) -> None:
    """Make room in the seat, or refuse: a holder goes before an alternate, both before a proxy."""
    speaking = meeting.attendances.there().filter(seat=term.seat).select_related("user").first()
    if speaking is None:
        return
    if term.is_alternate and speaking.capacity != Capacity.PROXY:
        raise errors.SeatRepresented(
            _("%(user)s speaks for “%(seat)s” already.")
            % {"user": speaking.user, "seat": term.seat}
        )
    _go(speaking, by=by, at=at)


def _come(
    meeting: Meeting, user: User, seat: Seat | None, capacity: Capacity, *, by: User, at: datetime
) -> Attendance:
    attendance = Attendance(meeting=meeting, seat=seat, user=user, capacity=capacity, came_at=at)
    attendance.save(force_insert=True)
    events.record(
        "meeting.attended",
        subject=meeting,
        by=by,
        at=at,
        data={"user": user.pk, "seat": seat and seat.pk, "capacity": capacity.value},
    )
    settle_quorum(meeting, by=by, at=at)
    return attendance


def _go(attendance: Attendance, *, by: User | None, at: datetime) -> None:
    attendance.left_at = max(at, attendance.came_at)
    attendance.save(update_fields=["left_at"])
    events.record(
        "meeting.left",
        subject=attendance.meeting,
        by=by,
        at=at,
        data={"user": attendance.user_id, "seat": attendance.seat_id},
    )
