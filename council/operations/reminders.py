"""Reminders: written for those who have not done what is asked, claimed by a worker, and sent.

What is asked is looked at again when a reminder is claimed: who has read or answered meanwhile gets
none.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from backlog.db.isolation import isolated
from backlog.models import User
from backlog.operations import events
from backlog.rules import calendars, retries
from council import errors
from council.models import Ballot, Meeting, Reminder
from council.operations import attendances
from council.queries import preparations as preparation_queries
from council.queries import reminders as reminder_queries

Status = Reminder.Status
LEASE: Final = timedelta(minutes=5)


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
    written = _write(people, meeting=meeting, by=by, at=at)
    if written:
        data = {"users": [each.user_id for each in written]}
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
    written = _write(people, ballot=ballot, by=by, at=at)
    if written:
        data = {"users": [each.user_id for each in written]}
        request = ballot.agenda_item.request
        events.record("ballot.reminded", subject=ballot, request=request, by=by, at=at, data=data)
    return len(written)


def remind_by_the_clock(*, by: User | None, at: datetime) -> int:
    """A day before a meeting or a deadline, those who were not reminded since. How many."""
    count = 0
    for meeting in list(reminder_queries.meetings_near(at=at)):
        with isolated("Nobody can be reminded of meeting %s", meeting.pk):
            if not meeting.reminders.filter(created_at__gt=at - 2 * reminder_queries.AHEAD):
                count += remind_of_meeting(meeting_id=meeting.pk, by=by, at=at)
    for ballot in reminder_queries.deadlines_near(at=at):
        with isolated("Nobody can be reminded of ballot %s", ballot.pk):
            if not ballot.reminders.filter(created_at__gt=at - 2 * reminder_queries.AHEAD):
                count += remind_of_ballot(ballot_id=ballot.pk, by=by, at=at)
    return count


def _write(
    people: Iterable[User],
    *,
    by: User | None,
    at: datetime,
    meeting: Meeting | None = None,
    ballot: Ballot | None = None,
) -> list[Reminder]:
    """For each of them who has none of today. The caller holds the lock of what it is about."""
    day = calendars.day_of(at)
    today = Reminder.objects.filter(meeting=meeting, ballot=ballot, day=day)
    have = set(today.values_list("user", flat=True))
    return Reminder.objects.bulk_create(
        Reminder(
            user=user,
            meeting=meeting,
            ballot=ballot,
            day=day,
            asked_by=by,
            created_at=at,
            not_before=at,
        )
        for user in people
        if user.pk not in have
    )


@transaction.atomic
def claim_reminder(*, by: User | None, at: datetime) -> Reminder | None:
    """The next one to be sent; nobody else sends it until its lease has run out.

    What is not needed any more, or was tried too often, ends here.
    """
    about = ("user", "meeting__council", "ballot__agenda_item__meeting__council")
    while due := Reminder.objects.due(at=at).values_list("pk", flat=True).first():
        # The condition is asked again in the write: of two workers, one gets it.
        mine = Reminder.objects.due(at=at).filter(pk=due).order_by()
        claimed = mine.update(
            status=Status.SENDING, lease_until=at + LEASE, attempts=F("attempts") + 1
        )
        if not claimed:
            continue
        reminder = Reminder.objects.select_related(*about).get(pk=due)
        if reminder.attempts > retries.MAX_ATTEMPTS:
            _end(reminder, Status.DEAD)
        elif not reminder_queries.is_needed(reminder, at=at):
            _end(reminder, Status.CANCELLED)
        else:
            return reminder
    return None


@transaction.atomic
def record_sent(*, reminder_id: int, by: User | None, at: datetime) -> None:
    Reminder.objects.filter(pk=reminder_id, status=Status.SENDING).update(
        status=Status.SENT, sent_at=at, lease_until=None
    )


@transaction.atomic
def record_failure(*, reminder_id: int, is_permanent: bool, by: User | None, at: datetime) -> None:
    """It did not leave: it is tried again later, or given up where the address is no good."""
    reminder = Reminder.objects.select_for_update(of=("self",)).get(pk=reminder_id)
    if reminder.status != Status.SENDING:
        return
    if is_permanent or reminder.attempts >= retries.MAX_ATTEMPTS:
        _end(reminder, Status.DEAD)
        return
    reminder.not_before = at + retries.wait_after(reminder.attempts, row=reminder.pk)
    reminder.save(update_fields=["not_before"])
    _end(reminder, Status.QUEUED)


def _end(reminder: Reminder, status: Status) -> None:
    reminder.status, reminder.lease_until = status, None
    reminder.save(update_fields=["status", "lease_until"])
