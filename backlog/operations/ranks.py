"""The human order of a backlog.

A move names a neighbour, locks the product, and writes one request row. When moves into one gap
have made its keys long, the neighbours are spread out again.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import CustomerRequest, Event, Product, User
from backlog.models.requests import CustomerRequestQuerySet
from backlog.operations import events
from backlog.queries import ranks as rank_queries
from backlog.rules import rank_keys

WINDOW = 200


@dataclass(frozen=True, slots=True)
class Move:
    """The request where it is now, and the event of its move; None where it was there already."""

    request: CustomerRequest
    event: Event | None


@transaction.atomic
def move_request(
    *,
    request_id: int,
    by: User | None,
    at: datetime,
    after: int | None = None,
    before: int | None = None,
    reason: str = "",
) -> Move:
    """Put a request right after, or right before, another one of the same board.

    Moving it where it is changes nothing. Raises NeighbourGone, with the order around the request
    in its details, when the neighbour is not ranked on this board (any more).
    """
    if (after is None) == (before is None):
        raise errors.Invalid(_("Name one neighbour: after or before."), field="before")
    product = _lock_board(request_id)
    return _move(product, request_id, after=after, before=before, reason=reason, by=by, at=at)


@transaction.atomic
def move_to_top(*, request_id: int, by: User | None, at: datetime, reason: str = "") -> Move:
    """Put a request before all others on its board; the first stays where it is."""
    product = _lock_board(request_id)
    first = _first_id(_open_above(product, request_id).order_by("rank"))
    return _move(product, request_id, before=first, reason=reason, by=by, at=at)


@transaction.atomic
def move_up(*, request_id: int, by: User | None, at: datetime) -> Move:
    """One place up among those on the board; the first stays where it is."""
    product = _lock_board(request_id)
    above = _first_id(_open_above(product, request_id).order_by("-rank"))
    return _move(product, request_id, before=above, by=by, at=at)


@transaction.atomic
def move_down(*, request_id: int, by: User | None, at: datetime) -> Move:
    """One place down among those on the board; the last stays where it is."""
    product = _lock_board(request_id)
    below = _first_id(_open_below(product, request_id).order_by("rank"))
    return _move(product, request_id, after=below, by=by, at=at)


def _lock_board(request_id: int) -> Product:
    """Whoever moves something holds the product, so that neighbours stay neighbours meanwhile."""
    rows = Product.objects.select_for_update(of=("self",), no_key=True)
    return rows.get(requests=request_id)


def _move(
    product: Product,
    request_id: int,
    *,
    by: User | None,
    at: datetime,
    after: int | None = None,
    before: int | None = None,
    reason: str = "",
) -> Move:
    """Under the product's lock. Without a neighbour, the request stays where it is."""
    neighbour_id = before if after is None else after
    if neighbour_id is None:
        neighbour_id = request_id
    upper, lower = _beside(product)
    both = product.requests.filter(pk__in=[request_id, neighbour_id]).annotate(
        rank_above=Subquery(upper.values("rank")),
        rank_below=Subquery(lower.values("rank")),
        id_above=Subquery(upper.values("pk")),
    )
    rows: dict[int, Any] = {row.pk: row for row in both}  # The annotations have no type.
    request: CustomerRequest = rows[request_id]
    neighbour = rows.get(neighbour_id)
    if request.rank is None:
        raise errors.IllegalTransition(_("%(key)s is on no board.") % {"key": request.key})
    if neighbour is None or neighbour.rank is None:
        raise _neighbour_gone(product, request)
    above = neighbour.rank_above if after is None else neighbour.rank
    below = neighbour.rank if after is None else neighbour.rank_below
    if request.rank in (above, below):
        return Move(request, None)
    request.rank = _free_key(product, above, below)
    request.save(update_fields=["rank"])
    product.board_version += 1
    product.save(update_fields=["board_version"])
    data = {"after": after, "before": before, "was_after": rows[request_id].id_above}
    event = events.record(
        "request.moved", subject=request, request=request, by=by, at=at, reason=reason, data=data
    )
    return Move(request, event)


def _beside(product: Product) -> tuple[CustomerRequestQuerySet, CustomerRequestQuerySet]:
    """For a subquery: the row right above and the row right below another one."""
    above = rank_queries.ranked(product).filter(rank__lt=OuterRef("rank")).order_by("-rank")
    below = rank_queries.ranked(product).filter(rank__gt=OuterRef("rank")).order_by("rank")
    return above[:1], below[:1]


def _open_above(product: Product, request_id: int) -> CustomerRequestQuerySet:
    own = CustomerRequest.objects.filter(pk=request_id).values("rank")
    return rank_queries.ranked(product).on_board().filter(rank__lt=own)


def _open_below(product: Product, request_id: int) -> CustomerRequestQuerySet:
    own = CustomerRequest.objects.filter(pk=request_id).values("rank")
    return rank_queries.ranked(product).on_board().filter(rank__gt=own)


def _first_id(rows: CustomerRequestQuerySet) -> int | None:
    return rows.values_list("pk", flat=True).first()


def _free_key(product: Product, above: str | None, below: str | None) -> str:
    key = rank_keys.key_between(above, below)
    # Past either end a key is a whole number and never long: only a gap has to be widened.
    if above is None or below is None or len(key) <= rank_keys.MAX_LENGTH:
        return key
    return _spread(product, above, below)


def _spread(product: Product, above: str, below: str) -> str:
    """Give the rows around a crowded gap fresh, short keys, and return the key of the gap.

    The window doubles until the keys are short: where everybody moves into one gap its neighbours
    are as crowded as itself.
    """
    size = WINDOW // 2
    while True:
        upper, lowest = _reach(
            rank_queries.ranked(product).filter(rank__lte=above).order_by("-rank"), size
        )
        lower, highest = _reach(
            rank_queries.ranked(product).filter(rank__gte=below).order_by("rank"), size
        )
        window = [*reversed(upper), *lower]
        keys = _fresh_keys(window, lowest, highest)
        is_whole_board = lowest is None and highest is None
        if is_whole_board or max(map(len, keys)) <= rank_keys.MAX_LENGTH // 2:
            break
        size *= 2
    free = keys.pop(len(upper))
    for row, key in zip(window, keys, strict=True):
        row.rank = key
    CustomerRequest.objects.bulk_update(window, ["rank"])
    return free


def _reach(rows: CustomerRequestQuerySet, size: int) -> tuple[list[CustomerRequest], str | None]:
    """The next `size` rows, and the rank of the one beyond them."""
    found = list(rows[: size + 1])
    beyond = found.pop().rank if len(found) > size else None
    return found, beyond


def _fresh_keys(
    window: list[CustomerRequest], lowest: str | None, highest: str | None
) -> list[str]:
    """One key more than rows, none of them in use: ranks are unique at every moment."""
    taken = {row.rank for row in window}
    wanted = len(window) + 1
    keys = rank_keys.keys_between(lowest, highest, wanted + len(window))
    return [key for key in keys if key not in taken][:wanted]


def _neighbour_gone(product: Product, request: CustomerRequest) -> errors.NeighbourGone:
    above = _open_above(product, request.pk).order_by("-rank")[:3]
    below = _open_below(product, request.pk).order_by("rank")[:3]
    around = [{"id": row.pk, "key": row.key} for row in (*reversed(above), request, *below)]
    return errors.NeighbourGone(
        _("That neighbour is no longer on this board. Look at the order as it is now."),
        order=around,
    )
