"""What sorting a board by priority would move, before it moves anything."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import CustomerRequest, Event, Product
from backlog.queries import overrides
from backlog.scoring import drift, sorting

LONGEST: Final = 100_000
"""So long a board is read whole; nobody looks through the preview of a longer one."""
MOST: Final = 10_000
"""So many requests are moved by one act."""


@dataclass(frozen=True, slots=True)
class Row:
    request_id: int
    rank: str
    priority: float | None
    drift: float | None


@dataclass(frozen=True, slots=True)
class SortedMove:
    """One that would move: its places are counted from 1, `rank` is the key of the new one."""

    request_id: int
    before: int
    after: int
    rank_was: str
    rank: str
    drift: float | None
    asks_why: bool

    @property
    def up(self) -> int:
        """So many places up; below zero, down."""
        return self.before - self.after


@dataclass(frozen=True, slots=True)
class Plan:
    """`pinned` stay because somebody said why they stand there, `unscored` have no priority."""

    product: Product
    moves: list[SortedMove] = field(default_factory=list)
    pinned: list[int] = field(default_factory=list)
    unscored: int = 0

    @property
    def asks_why(self) -> list[SortedMove]:
        return [each for each in self.moves if each.asks_why]


def pinned(product: Product) -> QuerySet[Event]:
    """The last moves of requests of a board, as far as they have a reason."""
    later = Event.objects.filter(
        kind="request.moved", request=OuterRef("request"), pk__gt=OuterRef("pk")
    )
    return overrides.overrides().filter(~Exists(later), request__product=product)


def plan(
    product: Product, *, request_ids: Collection[int] | None = None, moves_pinned: bool = False
) -> Plan:
    """What sorting all of a board, or some of it, would do; one query more than reading the board.

    What is pinned stays, unless `moves_pinned`. Raises Invalid for a board too long to be read.
    """
    rows = _board(product)
    chosen = {row.request_id for row in rows}
    if request_ids is not None:
        chosen &= set(request_ids)
    kept = set() if moves_pinned else set(pinned(product).values_list("request", flat=True))
    movable = [at for at, row in enumerate(rows) if row.request_id in chosen - kept]
    order = sorting.by_priority([row.priority for row in rows], movable)
    drifts = drift.drifts([rows[at].priority for at in order])
    return Plan(
        product,
        [
            _move(product, rows, at, place, drifts[place])
            for place, at in enumerate(order)
            if at != place
        ],
        [row.request_id for row in rows if row.request_id in chosen & kept],
        len([row for row in rows if row.request_id in chosen and row.priority is None]),
    )


def _board(product: Product) -> list[Row]:
    found = CustomerRequest.objects.filter(product=product).on_board().order_by("rank", "pk")
    facts = found.values_list("pk", "rank", "priority", "drift")[: LONGEST + 1]
    rows = [Row(pk, rank or "", priority, drift) for pk, rank, priority, drift in facts]
    if len(rows) > LONGEST:
        words = _("A board of more than %(most)d requests is not sorted at once.")
        raise errors.Invalid(words % {"most": LONGEST}, field="product")
    return rows


def _move(
    product: Product, rows: list[Row], at: int, place: int, drifts: float | None
) -> SortedMove:
    row = rows[at]
    asks_why = (
        drifts is not None
        and abs(drifts) >= product.reason_from_drift
        and abs(drifts) > abs(row.drift or 0)
    )
    return SortedMove(
        row.request_id, at + 1, place + 1, row.rank, rows[place].rank, drifts, asks_why
    )
