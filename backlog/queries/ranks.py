"""The human order of a backlog."""

from django.db.models import QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from backlog.models import CustomerRequest, Event, Product
from backlog.models.requests import ON_BOARD, CustomerRequestQuerySet
from backlog.rules import rank_keys
from backlog.scoring import drift

_BELOW_ALL, _ABOVE_ALL = "", "~"


def key_at_bottom(product: Product) -> str:
    """A rank below all of this product; the caller holds the product's lock."""
    last = ranked(product).order_by("-rank").values_list("rank", flat=True).first()
    return rank_keys.key_between(last, None)


def ranked(product: Product) -> CustomerRequestQuerySet:
    return CustomerRequest.objects.filter(product=product, rank__isnull=False)


def moved_together(event: Event) -> QuerySet[Event]:
    """Every move of the act that this move was part of."""
    return Event.objects.filter(
        kind=event.kind,
        actor=event.actor_id,
        at=event.at,
        request__product__requests=event.request_id,
    )


def drift_between(
    product: Product, request: CustomerRequest, above: str | None, below: str | None
) -> float | None:
    """How far the request's priority would be from its neighbours', were it between two ranks.

    One query, whatever the size of the board; none for a request that has no drift.
    """
    if request.priority is None or request.status not in ON_BOARD:
        return None
    scored = ranked(product).on_board().filter(priority__isnull=False).exclude(pk=request.pk)
    wanted = scored.order_by("rank")
    if above is not None:
        upper = scored.filter(rank__lte=above).order_by("-rank")
        wanted = wanted.filter(rank__gte=_farthest(upper, _BELOW_ALL))
    if below is not None:
        lower = scored.filter(rank__gte=below).order_by("rank")
        wanted = wanted.filter(rank__lte=_farthest(lower, _ABOVE_ALL))
    rows = list(wanted.values_list("rank", "priority")[: 2 * drift.NEIGHBOURS])
    place = 0 if above is None else len([rank for rank, _ in rows if (rank or "") <= above])
    priorities = [priority for _, priority in rows]
    return drift.drifts([*priorities[:place], request.priority, *priorities[place:]])[place]


def drift_told(product: Product, drift: float | None) -> dict[str, str]:
    """What an event says of a move that its product asks a reason for."""
    is_far = drift is not None and abs(drift) >= product.reason_from_drift
    return {"drift": f"{drift:.1f}"} if is_far else {}


def _farthest(nearest: CustomerRequestQuerySet, otherwise: str) -> Coalesce:
    """The rank of the farthest that can be a neighbour."""
    farthest = nearest.values("rank")[drift.NEIGHBOURS - 1 : drift.NEIGHBOURS]
    return Coalesce(Subquery(farthest), Value(otherwise))
