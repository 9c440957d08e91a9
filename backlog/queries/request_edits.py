"""What was edited of requests where they are listed."""

from typing import Final

from django.db.models import Q, QuerySet

from backlog.models import Event

KINDS: Final = ("request.edited", "request.status_changed")
_IN_LISTS: Final = {"owner", "review_on"}


def edits_of(request_id: int) -> QuerySet[Event]:
    """Of one request, the first of them first."""
    return Event.objects.filter(request=request_id, kind__in=KINDS).order_by("pk")


def edited_together(event: Event) -> QuerySet[Event]:
    """Every edit of the act that this one was part of."""
    by_hand = Q(kind="request.edited") | Q(kind="request.status_changed", data__cause="override")
    return Event.objects.filter(
        by_hand,
        actor=event.actor_id,
        at=event.at,
        request__product__requests=event.request_id,
    )


def can_be_taken_back(event: Event) -> bool:
    """Whether it says all that it takes: of words, the ledger holds none."""
    if event.kind == "request.status_changed":
        return bool(event.data["cause"] == "override")
    return event.kind == "request.edited" and set(event.data["changed"]) <= _IN_LISTS
