"""Where a customer may be written to, or why they may not be. Reading only.

The rule is one expression, so that it judges one message or counts a hundred thousand customers.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from django.db.models import Case, CharField, Exists, OuterRef, QuerySet, Subquery, Value, When

from backlog.models import Consent, ContactPoint, Customer, Notice, Obligation
from backlog.rules import natures

Reason = Obligation.Reason

# Of several bad addresses the strongest word counts: a complaint before a wish before a failure.
_WHY: Final = {
    ContactPoint.State.COMPLAINED: Reason.COMPLAINED,
    ContactPoint.State.UNSUBSCRIBED: Reason.UNSUBSCRIBED,
    ContactPoint.State.BOUNCED: Reason.BOUNCED,
}


def reachability(customers: Collection[Customer]) -> dict[int, ContactPoint | Reason]:
    """For each customer, by id, the address to use or the reason to stay silent; two queries."""
    judged = with_reachability(
        Customer.objects.filter(pk__in=[customer.pk for customer in customers])
    )
    found = {pk: (point, why) for pk, point, why in judged.values_list("pk", "point_id", "why")}
    points = ContactPoint.objects.in_bulk({point for point, why in found.values() if not why})
    return {pk: Reason(why) if why else points[point] for pk, (point, why) in found.items()}


def not_agreed_to(notices: Collection[Notice], *, moments: Collection[datetime]) -> set[int]:
    """The advertising among these messages, by its ids, that its readers have not agreed to get at
    each of these moments: it may leave at any between them.

    Asks nothing of the database where there is none.
    """
    advertising = [it for it in notices if it.nature == Notice.Nature.ADVERTISING and it.customer]
    if not advertising:
        return set()
    agreed: dict[int, set[str]] = defaultdict(set)
    live = Consent.objects.live().filter(customer__in={it.customer_id for it in advertising})
    for customer, purpose in live.values_list("customer", "purpose"):
        agreed[customer].add(purpose)
    return {
        it.pk
        for it in advertising
        for moment in moments
        if it.customer
        and natures.lacking(
            it.nature, agreed_to=agreed[it.customer.pk], local=moment.astimezone(it.customer.clock)
        )
    }


def with_reachability(customers: "QuerySet[Customer]") -> "QuerySet[Any]":
    """Each with `why` they may not be written to (empty: they may), and `point_id`, where to."""
    willing = Consent.objects.live().filter(customer=OuterRef("pk"), purpose=Consent.Purpose.LOOP)
    points = ContactPoint.objects.filter(
        customer=OuterRef("pk"), channel=ContactPoint.Channel.EMAIL
    )
    usable = points.filter(state=ContactPoint.State.USABLE)
    verified_first = usable.order_by(Case(When(verified_at=None, then=1), default=0), "pk")
    return customers.annotate(
        point_id=Subquery(verified_first.values("pk")[:1]),
        why=Case(
            When(erased_at__isnull=False, then=Value(Reason.ERASED.value)),
            When(~Exists(willing), then=Value(Reason.NO_CONSENT.value)),
            When(Exists(usable), then=Value(Reason.NONE.value)),
            *(
                When(Exists(points.filter(state=state)), then=Value(why.value))
                for state, why in _WHY.items()
            ),
            default=Value(Reason.NO_ADDRESS.value),
            output_field=CharField(),
        ),
    )
