"""Reminders: what waits for somebody is said to them by mail, once each time it is due."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from backlog.models import User
from backlog.rules import calendars
from council.models import ActionItem, Minutes
from council.operations import letters, minutes
from council.queries import minutes as minutes_queries
from council.rules import minutes as rules

DAY: Final = timedelta(days=1)
BEFORE: Final = timedelta(days=2)
"""So long before its day an action is due soon."""
FORGOTTEN: Final = timedelta(days=30)
"""What is overdue for longer is on the agendas; a new installation does not write of all of it."""


@transaction.atomic
def remind(*, by: User | None, at: datetime) -> None:
    """Write what is due now; what was written before is not written again."""
    for row in minutes_queries.overdue(at=at):
        assert row.meeting.ended_at is not None
        times = rules.reminders_due(row.meeting.ended_at, at)
        letters.remind_of_minutes(row, _awaited(row), times=times, by=by, at=at)
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


def approve_by_silence(*, by: User | None, at: datetime) -> int:
    """Each by itself: what keeps one from being approved keeps no other."""
    waiting = minutes_queries.waiting_for_silence(at=at).values_list("meeting", flat=True)
    return sum(
        minutes.approve_by_silence(meeting_id=meeting, by=by, at=at) for meeting in list(waiting)
    )
