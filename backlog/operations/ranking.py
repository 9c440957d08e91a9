"""The human order of a backlog.

A move names a neighbour, locks the product, and writes one request row. When moves into one gap
have made its keys long, the neighbours are spread out again.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import CustomerRequest, Product, User
from backlog.models.requests import CustomerRequestQuerySet
from backlog.operations import ledger
from backlog.scoring import ranks

WINDOW = 200


def key_at_bottom(product: Product) -> str:
    """A rank below all of this product; the caller holds the product's lock."""
    last = _ranked(product.pk).order_by("-rank").values_list("rank", flat=True).first()
    return ranks.key_between(last, None)


@transaction.atomic
def move_request(
    *,
    request_id: int,
    by: User | None,
    at: datetime,
    after: int | None = None,
    before: int | None = None,
    reason: str = "",
) -> CustomerRequest:
    """Put a request right after, or right before, another one of the same board.

    Moving it where it is changes nothing. Raises NeighbourGone, with the order around the request
    in its details, when the neighbour is not ranked on this board (any more).
    """
    if (after is None) == (before is None):
        raise errors.Invalid(_("Name one neighbour: after or before."), field="before")
    product = Product.objects.select_for_update(of=("self",)).get(requests=request_id)
    rows = CustomerRequest.objects.in_bulk([request_id, after or before])
    request, neighbour = rows[request_id], rows.get(after or before or 0)
    if neighbour is None or neighbour.product_id != product.pk or neighbour.rank is None:
        raise _neighbour_gone(request)
    if request.rank is None:
        raise errors.IllegalTransition(_("%(key)s is on no board.") % {"key": request.key})
    if neighbour.pk == request.pk:
        return request
    above, below = _gap(product.pk, neighbour, is_after=after is not None)
    if request.rank in (above, below):
        return request
    previous = _id_above(request)
    request.rank = _free_key(product.pk, above, below)
    request.save(update_fields=["rank"])
    Product.objects.filter(pk=product.pk).update(board_version=F("board_version") + 1)
    ledger.record(
        "request.moved",
        subject=request,
        request=request,
        by=by,
        at=at,
        reason=reason,
        data={"after": after, "before": before, "was_after": previous},
    )
    return request


def move_to_top(
    *, request_id: int, by: User | None, at: datetime, reason: str = ""
) -> CustomerRequest:
    """Put a request before all others on its board."""
    request = CustomerRequest.objects.get(pk=request_id)
    first = _open_others(request).order_by("rank").first()
    return _move_next_to(request, by=by, at=at, before=first, reason=reason)


def move_up(*, request_id: int, by: User | None, at: datetime) -> CustomerRequest:
    """One place up among those on the board; the first stays where it is."""
    request = CustomerRequest.objects.get(pk=request_id)
    above = _open_others(request).filter(rank__lt=request.rank).order_by("-rank").first()
    return _move_next_to(request, by=by, at=at, before=above)


def move_down(*, request_id: int, by: User | None, at: datetime) -> CustomerRequest:
    """One place down among those on the board; the last stays where it is."""
    request = CustomerRequest.objects.get(pk=request_id)
    below = _open_others(request).filter(rank__gt=request.rank).order_by("rank").first()
    return _move_next_to(request, by=by, at=at, after=below)


def _move_next_to(
    request: CustomerRequest,
    *,
    by: User | None,
    at: datetime,
    after: CustomerRequest | None = None,
    before: CustomerRequest | None = None,
    reason: str = "",
) -> CustomerRequest:
    if after is None and before is None:
        return request
    return move_request(
        request_id=request.pk,
        after=None if after is None else after.pk,
        before=None if before is None else before.pk,
        reason=reason,
        by=by,
        at=at,
    )


def _ranked(product_id: int) -> CustomerRequestQuerySet:
    return CustomerRequest.objects.filter(product=product_id, rank__isnull=False)


def _open_others(request: CustomerRequest) -> CustomerRequestQuerySet:
    return _ranked(request.product_id).on_board().exclude(pk=request.pk)


def _gap(
    product_id: int, neighbour: CustomerRequest, *, is_after: bool
) -> tuple[str | None, str | None]:
    """The ranks between which the request goes; it may be one of the two itself."""
    others = _ranked(product_id).values_list("rank", flat=True)
    if is_after:
        return neighbour.rank, others.filter(rank__gt=neighbour.rank).order_by("rank").first()
    return others.filter(rank__lt=neighbour.rank).order_by("-rank").first(), neighbour.rank


def _id_above(request: CustomerRequest) -> int | None:
    above = _ranked(request.product_id).filter(rank__lt=request.rank).order_by("-rank")
    return above.values_list("pk", flat=True).first()


def _free_key(product_id: int, above: str | None, below: str | None) -> str:
    key = ranks.key_between(above, below)
    return key if len(key) <= ranks.MAX_LENGTH else _spread(product_id, above, below)


def _spread(product_id: int, above: str | None, below: str | None) -> str:
    """Give the rows around a crowded gap fresh, short keys, and return the key of the gap.

    The window doubles until the keys are short: where everybody moves into one gap its neighbours
    are as crowded as itself.
    """
    size = WINDOW // 2
    while True:
        upper, lowest = _reach(_ranked(product_id).filter(rank__lte=above).order_by("-rank"), size)
        lower, highest = _reach(_ranked(product_id).filter(rank__gte=below).order_by("rank"), size)
        window = [*reversed(upper), *lower]
        keys = _fresh_keys(window, lowest, highest)
        is_whole_board = lowest is None and highest is None
        if is_whole_board or max(map(len, keys)) <= ranks.MAX_LENGTH // 2:
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
    keys = ranks.keys_between(lowest, highest, wanted + len(window))
    return [key for key in keys if key not in taken][:wanted]


def _neighbour_gone(request: CustomerRequest) -> errors.NeighbourGone:
    above = _open_others(request).filter(rank__lt=request.rank).order_by("-rank")[:3]
    below = _open_others(request).filter(rank__gt=request.rank).order_by("rank")[:3]
    around = [{"id": row.pk, "key": row.key} for row in (*reversed(above), request, *below)]
    return errors.NeighbourGone(
        _("That neighbour is no longer on this board. Look at the order as it is now."),
        order=around,
    )
