"""The human order of a backlog.

A move names a neighbour, locks the product, and writes one request row. When moves into one gap
have made its keys long, the neighbours are spread out again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import CustomerRequest, Event, Product, User
from backlog.models.requests import CustomerRequestQuerySet
from backlog.operations import events
from backlog.queries import ranks as rank_queries
from backlog.rules import rank_keys

WINDOW = 200
MOST = 50
"""So many requests are moved at once at most: what a page of the board shows."""


# Who is to be beside: one by its id, or the first of some rows, if there is any.
Neighbour = int | CustomerRequestQuerySet | None


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
    in its details, when the neighbour is not ranked on this board (any more), and ReasonRequired
    where it comes to be further from its priority than its product leaves without a reason.
    """
    if (after is None) == (before is None):
        raise errors.Invalid(_("Name one neighbour: after or before."), field="before")
    product = _lock_board(request_id)
    return _move(product, request_id, after=after, before=before, reason=reason, by=by, at=at)


@transaction.atomic
def move_to_top(*, request_id: int, by: User | None, at: datetime, reason: str = "") -> Move:
    """Put a request before all others on its board; the first stays where it is."""
    product = _lock_board(request_id)
    first = _open_above(product, request_id).order_by("rank")
    return _move(product, request_id, before=first, reason=reason, by=by, at=at)


@transaction.atomic
def move_up(*, request_id: int, by: User | None, at: datetime, reason: str = "") -> Move:
    """One place up among those on the board; the first stays where it is."""
    product = _lock_board(request_id)
    above = _open_above(product, request_id).order_by("-rank")
    return _move(product, request_id, before=above, reason=reason, by=by, at=at)


@transaction.atomic
def move_down(*, request_id: int, by: User | None, at: datetime, reason: str = "") -> Move:
    """One place down among those on the board; the last stays where it is."""
    product = _lock_board(request_id)
    below = _open_below(product, request_id).order_by("rank")
    return _move(product, request_id, after=below, reason=reason, by=by, at=at)


@transaction.atomic
def move_several(
    *,
    request_ids: Collection[int],
    by: User | None,
    at: datetime,
    after: int | None = None,
    before: int | None = None,
    place: int | None = None,
    board_version: int | None = None,
    reason: str = "",
) -> list[Move]:
    """Put requests together, in the order they have: beside another one, or the first at a place.

    Places are counted from 1 among those on the board; one past the end is the end. All of them
    move, or none. With the `board_version` that the order was read in, raises VersionConflict when
    the board changed since.
    """
    ids = set(request_ids)
    _check_several(ids, [after, before, place])
    product = _lock_board(min(ids))
    if board_version not in (None, product.board_version):
        words = _("The board has changed meanwhile. Look at the order as it is now.")
        raise errors.VersionConflict(words, version=product.board_version)
    rows = _rows_to_move(product, ids)
    if place is not None:
        after, before = _beside_place(product, ids, place)
    # Towards whom they are put beside: who stands there already is not moved.
    towards = rows if before is None else rows[::-1]
    made = []
    for row in towards:
        move = _move(product, row.pk, after=after, before=before, reason=reason, by=by, at=at)
        made.append(move)
        after, before = (row.pk, None) if before is None else (None, row.pk)
    return made if towards is rows else made[::-1]


@transaction.atomic
def take_back(*, event_id: int, by: User | None, at: datetime) -> list[Move]:
    """Put back what was moved in one act, as the event of any of its moves names it.

    The last move is taken back first. No reason is asked for: it was so before.
    """
    event = Event.objects.get(pk=event_id, kind="request.moved")
    assert event.request_id is not None
    product = _lock_board(event.request_id)
    made = []
    for one in rank_queries.moved_together(event).order_by("-pk"):
        assert one.request_id is not None
        after = one.data["was_after"]
        before = None
        if after is None:
            before = _open_above(product, one.request_id).order_by("rank")
        made.append(
            _move(product, one.request_id, after=after, before=before, by=by, at=at, is_free=True)
        )
    return made


def _check_several(ids: set[int], where: list[int | None]) -> None:
    after, before, place = where
    if len([each for each in where if each is not None]) != 1:
        raise errors.Invalid(_("Say one of: after, before, place."), field="place")
    if not ids:
        raise errors.Invalid(_("Choose what is to be moved."), field="requests")
    if len(ids) > MOST:
        words = _("At most %(most)d requests are moved at once; these are %(count)d.")
        raise errors.Invalid(words % {"most": MOST, "count": len(ids)}, field="requests")
    if place is not None and place < 1:
        raise errors.Invalid(_("Places are counted from 1."), field="place")
    if ids & {after, before}:
        words = _("A request cannot be put beside itself. Name one that is not among those moved.")
        raise errors.Invalid(words, field="before" if after is None else "after")


def _rows_to_move(product: Product, ids: set[int]) -> list[CustomerRequest]:
    """In rank order; all of them of this board, or a refusal that names the first that is not."""
    rows = list(CustomerRequest.objects.filter(pk__in=ids).order_by("rank", "pk"))
    for row in rows:
        if row.product_id != product.pk:
            words = _("%(key)s is on another board. Only requests of one product move together.")
            raise errors.Invalid(words % {"key": row.key}, field="requests")
        if row.rank is None:
            raise _on_no_board(row)
    return rows


def _beside_place(product: Product, ids: set[int], place: int) -> tuple[int | None, int | None]:
    """After and before whom the place is, were those to be moved not there."""
    others = rank_queries.ranked(product).on_board().exclude(pk__in=ids)
    before = others.order_by("rank").values_list("pk", flat=True)[place - 1 : place].first()
    after = None if before else others.order_by("-rank").values_list("pk", flat=True).first()
    return after, before


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
    after: Neighbour = None,
    before: Neighbour = None,
    reason: str = "",
    is_free: bool = False,
) -> Move:
    """Under the product's lock. Without a neighbour, the request stays where it is.

    `is_free` asks for no reason, however far the request comes to be from its priority.
    """
    request, neighbour, was_after = _both(product, request_id, before if after is None else after)
    if neighbour is None:
        return Move(request, None)
    above = neighbour.rank_above if after is None else neighbour.rank
    below = neighbour.rank if after is None else neighbour.rank_below
    if request.rank in (above, below):
        return Move(request, None)
    drift = rank_queries.drift_between(product, request, above, below)
    if not (reason.strip() or is_free):
        _check_drift(product, request, drift)
    request.rank, request.drift = _free_key(product, above, below), drift
    request.save(update_fields=["rank", "drift"])
    product.board_version += 1
    product.save(update_fields=["board_version"])
    data = {
        "after": None if after is None else neighbour.pk,
        "before": neighbour.pk if after is None else None,
        "was_after": was_after,
        **rank_queries.drift_told(product, drift),
    }
    event = events.record(
        "request.moved", subject=request, request=request, by=by, at=at, reason=reason, data=data
    )
    return Move(request, event)


def _both(product: Product, request_id: int, beside: Neighbour) -> tuple[CustomerRequest, Any, Any]:
    """What is moved, its neighbour with the ranks around it, and after whom it was until now."""
    upper, lower = _beside(product)
    wanted = Q(pk=request_id)
    if beside is not None:
        wanted |= Q(pk=beside if isinstance(beside, int) else Subquery(beside.values("pk")[:1]))
    both = product.requests.filter(wanted).annotate(
        rank_above=Subquery(upper.values("rank")),
        rank_below=Subquery(lower.values("rank")),
        id_above=Subquery(upper.values("pk")),
    )
    rows: dict[int, Any] = {row.pk: row for row in both}  # The annotations have no type.
    request = rows.pop(request_id)
    if request.rank is None:
        raise _on_no_board(request)
    if beside == request_id:
        return request, None, None
    neighbour = next(iter(rows.values()), None)
    if isinstance(beside, int) and (neighbour is None or neighbour.rank is None):
        raise _neighbour_gone(product, request)
    return request, neighbour, request.id_above


def _check_drift(product: Product, request: CustomerRequest, drift: float | None) -> None:
    """A move that takes a request further from its priority than the product allows needs a why."""
    if drift is None or abs(drift) < product.reason_from_drift:
        return
    if abs(drift) <= abs(request.drift or 0):
        return
    facts = {"key": request.key, "points": round(abs(drift))}
    if drift > 0:
        words = _("%(key)s would be ranked low by %(points)d points. Say why.") % facts
    else:
        words = _("%(key)s would be ranked high by %(points)d points. Say why.") % facts
    raise errors.ReasonRequired(words, drift=round(drift, 1), asked_from=product.reason_from_drift)


def _on_no_board(request: CustomerRequest) -> errors.IllegalTransition:
    if request.merged_into is None:
        return errors.IllegalTransition(_("%(key)s is on no board.") % {"key": request.key})
    words = _("%(key)s was merged into %(other)s and is on no board. Move %(other)s.")
    return errors.IllegalTransition(words % {"key": request.key, "other": request.merged_into.key})


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
