"""A decision with all that its page says of it."""

from django.db.models import Prefetch, Q

from backlog.models import Event, User
from council.models import Decision, Prediction, Review
from council.models.decisions import DecisionQuerySet


def in_full(user: User) -> DecisionQuerySet:
    """Those that the person may see, with their figures and reviews."""
    figures = Prediction.objects.order_by("due_on", "pk")
    said = Review.objects.select_related("reviewed_by").order_by("-pk")
    seen = Decision.objects.visible_to(user).select_related(
        *("request__product", "request__owner", "council", "decided_by", "seat__department"),
        *("agenda_item__meeting", "supersedes", "superseded_by", "ballot", "evidence_from"),
    )
    return seen.prefetch_related(Prefetch("predictions", figures), Prefetch("reviews", said))


def taken_together(decision: Decision) -> list[Decision]:
    """Those on other requests that were taken as one with it."""
    first = decision.taken_with_id or decision.pk
    group = Decision.objects.filter(Q(pk=first) | Q(taken_with=first)).exclude(pk=decision.pk)
    return list(group.select_related("request").order_by("pk"))


def retirement_of(decision: Decision) -> Event | None:
    """Who said that it does not stand any more, when and why."""
    if decision.status != Decision.Status.RETIRED:
        return None
    said = Event.objects.filter(
        kind="decision.retired", subject_type="decision", subject_id=decision.pk
    )
    return said.select_related("actor").order_by("-pk").first()
