"""Silence: customers who asked and have not heard anything of it since (`queries.askers`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from backlog.models import CustomerRequest, Evidence
from backlog.queries.askers import unheard

AGES: Final = (30, 90, 365)
"""So many days make a silence worth a column of its own."""


def unanswered_requests(
    requests: "QuerySet[CustomerRequest]", *, at: datetime, days: int
) -> "QuerySet[CustomerRequest]":
    """Those of which some customer has not heard for so many days."""
    waiting = unheard().filter(
        counts_for=OuterRef("pk"), feedback__said_at__lte=at - timedelta(days=days)
    )
    return requests.filter(Exists(waiting))


def counts(requests: Iterable[CustomerRequest], *, at: datetime) -> dict[int, dict[str, Any]]:
    """By request: how many wait in all, and longer than each of AGES, and since when the first."""
    longer = {
        f"longer_than_{days}": Count(
            "asker", distinct=True, filter=Q(feedback__said_at__lte=at - timedelta(days=days))
        )
        for days in AGES
    }
    rows = (
        unheard()
        .filter(counts_for__in=[request.pk for request in requests])
        .order_by()
        .values("counts_for")
        .annotate(customers=Count("asker", distinct=True), since=Min("feedback__said_at"), **longer)
    )
    return {row["counts_for"]: dict(row) for row in rows}


@dataclass(frozen=True, slots=True)
class Silent:
    """One customer who waits, by number, and since when."""

    customer_id: int
    since: datetime


def waiting_for(request: CustomerRequest, *, beyond: int | None = None, limit: int) -> list[Silent]:
    """Who waits for this request, the longest first; with `beyond`, those after this customer."""
    words = unheard().filter(counts_for=request).order_by()
    waiting = words.values(customer_id=Evidence.CUSTOMER).annotate(since=Min("feedback__said_at"))
    if beyond is not None:
        last = words.filter(Q(asker=beyond)).aggregate(since=Min("feedback__said_at"))["since"]
        if last is not None:
            later = Q(since__gt=last) | Q(since=last, customer_id__gt=beyond)
            waiting = waiting.filter(later)
    return [Silent(**row) for row in waiting.order_by("since", "customer_id")[:limit]]
