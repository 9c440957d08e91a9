"""Where a customer may be written to, or why they may not be. Reading only."""

from collections import defaultdict
from collections.abc import Collection

from backlog.models import Consent, ContactPoint, Customer, Obligation

Reason = Obligation.Reason

# Of several bad addresses the strongest word counts: a complaint before a wish before a failure.
_WHY = {
    ContactPoint.State.COMPLAINED: Reason.COMPLAINED,
    ContactPoint.State.UNSUBSCRIBED: Reason.UNSUBSCRIBED,
    ContactPoint.State.BOUNCED: Reason.BOUNCED,
}


def reach(customers: Collection[Customer]) -> dict[int, ContactPoint | Reason]:
    """For each customer, by id, the address to use or the reason to stay silent; two queries."""
    willing = set(
        Consent.objects.live()
        .filter(customer__in=customers, purpose=Consent.Purpose.LOOP)
        .values_list("customer_id", flat=True)
    )
    points: dict[int, list[ContactPoint]] = defaultdict(list)
    for point in ContactPoint.objects.filter(
        customer__in=customers, channel=ContactPoint.Channel.EMAIL
    ).order_by("pk"):
        points[point.customer_id].append(point)
    return {
        customer.pk: _judge(customer, points[customer.pk], is_willing=customer.pk in willing)
        for customer in customers
    }


def _judge(
    customer: Customer, points: list[ContactPoint], *, is_willing: bool
) -> ContactPoint | Reason:
    if customer.erased_at is not None:
        return Reason.ERASED
    if not is_willing:
        return Reason.NO_CONSENT
    usable = [point for point in points if point.state == ContactPoint.State.USABLE]
    if usable:
        return next((point for point in usable if point.verified_at), usable[0])
    states = {point.state for point in points}
    return next((why for state, why in _WHY.items() if state in states), Reason.NO_ADDRESS)
