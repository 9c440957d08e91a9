"""How much a customer, or all who speak for an account, said, asked for, heard and answered."""

from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from backlog.models import Evidence, Feedback, Obligation, Reply, User


def figures(words: QuerySet[Feedback], owed: QuerySet[Obligation], user: User) -> dict[str, Any]:
    """How often they spoke, of how many requests, and how often they were told and answered."""
    spoken = words.aggregate(n=Count("pk"), first=Min("said_at"), last=Max("said_at"))
    live = Evidence.objects.visible_to(user).live().filter(feedback__in=words.values("pk"))
    told = owed.filter(status__in=Obligation.HEARD, feedback__isnull=True)
    return {
        "spoken": spoken,
        "asked": live.aggregate(n=Count("counts_for", distinct=True))["n"],
        "told": told.aggregate(n=Count("pk"), last=Max("settled_at")),
        "answered": Reply.objects.visible_to(user)
        .filter(obligation__in=owed.values("pk"))
        .aggregate(n=Count("pk"), no=Count("pk", filter=Q(verdict=Reply.Verdict.NO))),
    }
