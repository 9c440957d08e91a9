"""What a meeting has not reached, which one comes next, and whether anything was done in one."""

from datetime import datetime
from typing import Final

from django.db.models import Max, Q, QuerySet, Subquery, Value

from backlog.models import Event, User
from council.models import AgendaItem, Ballot, Meeting
from council.models.agenda_items import AgendaItemQuerySet

_NOTHING: Final = Value(0)


def not_reached(meeting: Meeting) -> AgendaItemQuerySet:
    """What the meeting has not dealt with: ending it carries requests over, and closes topics."""
    return meeting.agenda_items.filter(status__in=AgendaItem.NOT_REACHED).order_by("position", "pk")


def arranged(meeting: Meeting) -> AgendaItemQuerySet:
    """What has a place on the agenda, in its order; what was taken off or put off has none."""
    live = meeting.agenda_items.exclude(status__in=AgendaItem.GONE)
    return live.order_by("position", "pk")


def next_meeting(meeting: Meeting, *, at: datetime) -> Meeting | None:
    """The one of the same council where what is not reached is taken up."""
    others = Meeting.objects.filter(council=meeting.council_id, status__in=Meeting.TO_COME)
    coming = others.exclude(pk=meeting.pk).filter(starts_at__gte=at)
    return coming.order_by("starts_at", "pk").first()


def latest_events(meeting_id: int, user: User) -> tuple[int | None, ...] | None:
    """The last thing that was done in a meeting, to its agenda and in its ballots; by one query.

    Who has these numbers has seen the room as it is. None for whoever may not see the meeting.
    """
    items = AgendaItem.objects.filter(meeting=meeting_id)
    ballots = Ballot.objects.filter(agenda_item__meeting=meeting_id)
    found = Meeting.objects.visible_to(user).filter(pk=meeting_id)
    rows = found.values_list(
        _last(Q(subject_type="meeting", subject_id=meeting_id)),
        _last(Q(subject_type="council", subject_id__in=found.values("council"))),
        _last(Q(subject_type="agendaitem", subject_id__in=items.values("pk"))),
        _last(Q(subject_type="ballot", subject_id__in=ballots.values("pk"))),
        _last(Q(kind="decision.recorded", request__in=items.values("request"))),
    )
    return rows.first()


def _last(about: Q) -> Subquery:
    """Grouped by nothing: an aggregate, so that each is found by its own index."""
    events: QuerySet[Event] = Event.objects.filter(about).order_by()
    return Subquery(events.values(nothing=_NOTHING).annotate(last=Max("pk")).values("last"))
