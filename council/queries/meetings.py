"""What a meeting has not reached, and which one comes next."""

from datetime import datetime

from council.models import AgendaItem, Meeting
from council.models.agenda_items import AgendaItemQuerySet


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
