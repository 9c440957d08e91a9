"""How well the loop closes: who was owed an answer lately, who got it, and how long they waited."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from backlog.models import Evidence, Obligation, Product, User
from backlog.scoring import loop, statistics

SAMPLE = 1_000
"""So many customers who were last owed an answer are looked at, however many there ever were."""

_STATUS = Obligation.Status
TOLD = (
    _STATUS.TOLD,
    _STATUS.CONFIRMED,
    _STATUS.PARTLY,
    _STATUS.DISPUTED,
    _STATUS.SUPERSEDED,
)


@dataclass(frozen=True, slots=True)
class Closure:
    """`rate` is None while nobody is owed anything; who cannot be told counts as not told."""

    rate: statistics.Share | None
    waits: loop.Waits


def lately(*, user: User, at: datetime) -> Closure:
    """Over the products the person may see; customers wait from their first words about it."""
    first_words = (
        Evidence.objects.live()
        .filter(counts_for=OuterRef("request"))
        .annotate(customer=Evidence.CUSTOMER)
        .filter(customer=OuterRef("customer"))
        .order_by("feedback__said_at")
        .values("feedback__said_at")[:1]
    )
    sample = (
        Obligation.objects.filter(
            request__product__in=Product.objects.visible_to(user), released_at__isnull=False
        )
        .annotate(said_at=Subquery(first_words))
        .order_by("-pk")
        .values_list("status", "said_at", "owed_at", "settled_at")[:SAMPLE]
    )
    told, waiting, left_out = [], [], 0
    for status, said_at, owed_at, settled_at in sample:
        since = said_at or owed_at
        if status in TOLD and settled_at is not None:
            told.append(settled_at - since)
        elif status == _STATUS.OWED:
            waiting.append(at - since)
        else:
            left_out += 1
    return Closure(
        rate=loop.closure_rate(told=len(told), asked=len(told) + len(waiting) + left_out),
        waits=loop.time_to_hear_back(told=told, waiting=waiting),
    )
