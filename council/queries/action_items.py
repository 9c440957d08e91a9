"""What a person may do with an action item now, and what was done with it."""

from datetime import datetime

from django.db.models import Q

from backlog.models import Event, User
from backlog.models.events import EventQuerySet
from council.models import ActionItem, Council, SeatTerm
from council.rules import action_items as rules


def councils_of(user: User) -> set[int]:
    """Where the person sits, chairs or keeps the minutes: there they accept, reopen and cancel."""
    sits = SeatTerm.objects.current().filter(user=user).values("seat__council")
    of_theirs = Council.objects.filter(Q(chair=user) | Q(secretary=user) | Q(pk__in=sits))
    return set(of_theirs.values_list("pk", flat=True))


def events_of(action: ActionItem) -> EventQuerySet:
    """The newest first."""
    said = Event.objects.filter(subject_type="actionitem", subject_id=action.pk)
    return said.order_by("-pk")


def undoable(action: ActionItem, user: User, *, at: datetime) -> Event | None:
    """What the person did last to it, if nothing came after it and it is not long ago."""
    last = events_of(action).first()
    if (
        last is None
        or last.actor_id != user.pk
        or last.kind not in rules.UNDOABLE
        or not last.data.get("was")
        or at - last.at > rules.UNDONE_WITHIN
    ):
        return None
    return last
