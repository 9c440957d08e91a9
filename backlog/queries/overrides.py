"""Moves on the board that somebody said why of, and what became of what they moved."""

from typing import Any, Final

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from backlog.models import CustomerRequest, Event, Outcome, User

KIND: Final = "request.moved"


def overrides() -> QuerySet[Event]:
    """All of them, whoever asks."""
    return Event.objects.filter(kind=KIND).exclude(reason="")


def visible_to(user: User) -> QuerySet[Event]:
    """Of requests that the person may see."""
    if not user.has_perm("backlog.view_event"):
        return Event.objects.none()
    return overrides().filter(request__in=CustomerRequest.objects.visible_to(user))


def with_what_became(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """`moved_since`, and the `result` of the last outcome since: none where nothing came yet."""
    later = Event.objects.filter(kind=KIND, request=OuterRef("request"), pk__gt=OuterRef("pk"))
    since = Outcome.objects.filter(
        commitment__request=OuterRef("request"), recorded_at__gte=OuterRef("at")
    ).order_by("-recorded_at", "-pk")
    found: QuerySet[Any] = rows.annotate(
        moved_since=Exists(later),
        result=Subquery(since.values("result")[:1]),
        status_now=F("request__status"),
        drift_now=F("request__drift"),
    )
    return found


def distance(event: Event) -> float | None:
    """How far the request came to be from its neighbours' priorities; above zero, ranked low."""
    told = event.data.get("drift")
    return float(told) if told else None


def distance_text(event: Any) -> str:
    """In the words of the board."""
    far = distance(event)
    if far is None:
        return ""
    words = _("ranked low by %(points)d") if far > 0 else _("ranked high by %(points)d")
    return words % {"points": round(abs(far))}


def result_text(event: Any) -> str:
    return str(Outcome.Result(event.result).label) if event.result else ""
