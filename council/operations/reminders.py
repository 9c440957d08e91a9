"""Reminders: who has not done what waits for them hears of it by mail, once each time it is due.

Of an agenda to read and of a vote by a deadline people remind as well as the clock; of minutes and
actions the clock alone does.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from backlog.db.isolation import isolated
from backlog.models import User
from backlog.operations import events
from backlog.rules import calendars
from council import errors
from council.models import ActionItem, Ballot, Meeting, Minutes
from council.operations import attendances, letters
from council.queries import minutes as minutes_queries
from council.queries import preparations as preparation_queries
from council.queries import reminders as reminder_queries
from council.rules import minutes as rules

DAY: Final = timedelta(days=1)
BEFORE: Final = timedelta(days=2)
"""So long before its day an action is due soon."""
FORGOTTEN: Final = timedelta(days=30)
"""What is overdue for longer is on the agendas; a new installation does not write of all of it."""


@transaction.atomic
def remind_of_meeting(*, meeting_id: int, by: User | None, at: datetime) -> int:
    """Write to the departments that have not read what the meeting will take up; how many.

    One of each a day: asking twice writes once. By who runs the meeting, its chair, or the clock.
    """
    _council, meeting = attendances.lock_meeting(meeting_id)
    if by is not None and not preparation_queries.may_chair(meeting, by):
        raise errors.NotYoursToSay(_("Only who runs the meeting, or its chair, reminds others."))
    if meeting.status not in Meeting.TO_COME or meeting.starts_at <= at:
        raise errors.MeetingOver(
            _("“%(meeting)s” has begun: nobody is reminded any more.") % {"meeting": meeting}
        )
    people = reminder_queries.readers_to_remind(meeting)
    written = letters.remind_of_agenda(meeting, people, by=by, at=at)
    if written:
        data = {"users": written}
        events.record("meeting.reminded", subject=meeting, by=by, at=at, data=data)
    return len(written)


@transaction.atomic
def remind_of_ballot(*, ballot_id: int, by: User | None, at: datetime) -> int:
    """Write to the seats that have not answered a ballot by its deadline; how many.

    By who runs meetings or opened it, or by the clock; one of each a day.
    """
    meeting_id = Ballot.objects.values_list("agenda_item__meeting", flat=True).get(pk=ballot_id)
    _council, meeting = attendances.lock_meeting(meeting_id)
    joined = Ballot.objects.select_related("agenda_item__meeting__council")
    ballot = joined.select_for_update(of=("self",)).get(pk=ballot_id)
    is_opener = by is not None and by.pk == ballot.opened_by_id
    if by is not None and not is_opener and not preparation_queries.may_chair(meeting, by):
        raise errors.NotYoursToSay(_("Only who put it to the vote, or the chair, reminds."))
    if ballot.status != Ballot.Status.OPEN or ballot.closes_at is None or ballot.closes_at <= at:
        raise errors.BallotOver(
            _("This ballot does not wait for answers by a deadline."), status=ballot.status
        )
    people = reminder_queries.voters_to_remind(ballot)
    written = letters.remind_of_ballot(ballot, people, by=by, at=at)
    if written:
        data = {"users": written}
        request = ballot.agenda_item.request
        events.record("ballot.reminded", subject=ballot, request=request, by=by, at=at, data=data)
    return len(written)


def remind_by_the_clock(*, by: User | None, at: datetime) -> None:
    """Write what is due now; what was written before is not written again.

    Each by itself: what keeps one from being written keeps no other.
    """
    for meeting in list(reminder_queries.meetings_near(at=at)):
        with isolated("Nobody can be reminded of meeting %s", meeting.pk):
            if not meeting.letters.filter(created_at__gt=at - 2 * reminder_queries.AHEAD):
                remind_of_meeting(meeting_id=meeting.pk, by=by, at=at)
    for ballot in reminder_queries.deadlines_near(at=at):
        with isolated("Nobody can be reminded of ballot %s", ballot.pk):
            if not ballot.letters.filter(created_at__gt=at - 2 * reminder_queries.AHEAD):
                remind_of_ballot(ballot_id=ballot.pk, by=by, at=at)
    _remind_of_minutes(by=by, at=at)
    _remind_of_actions(by=by, at=at)


@transaction.atomic
def _remind_of_minutes(*, by: User | None, at: datetime) -> None:
    for row in minutes_queries.overdue(at=at):
        assert row.meeting.ended_at is not None
        times = rules.reminders_due(row.meeting.ended_at, at)
        letters.remind_of_minutes(row, _awaited(row), times=times, by=by, at=at)


@transaction.atomic
def _remind_of_actions(*, by: User | None, at: datetime) -> None:
    today = calendars.day_of(at)
    owed = ActionItem.objects.owed().filter(owner__is_active=True).select_related("owner")
    for action in owed.filter(due_on__range=(today, today + BEFORE)).order_by("pk"):
        letters.remind_of_action(action, "action_due", by=by, at=at)
    for action in owed.filter(due_on__range=(today - FORGOTTEN, today - DAY)).order_by("pk"):
        letters.remind_of_action(action, "action_overdue", by=by, at=at)


def _awaited(row: Minutes) -> list[User]:
    """A draft waits for the secretary; under review, for those who have not said yes as well."""
    secretary = Q(pk=row.council.secretary_id)
    if row.status == Minutes.Status.DRAFT:
        return list(User.objects.filter(secretary, is_active=True))
    there = Q(pk__in=minutes_queries.were_there(row.meeting).values("pk"))
    silent = User.objects.filter(secretary | there, is_active=True)
    return list(silent.exclude(pk__in=minutes_queries.approved_by(row).values("pk")))
