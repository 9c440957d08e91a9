"""Pages of a list by keyset: a page costs the same wherever it is, and each row is seen once.

Lists are ordered by one column and then by id; nulls come last in both directions. Rows without and
with a null are read as two segments, one after the other, so that each query is a plain range of an
index; the second is read only where the first did not fill the page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import F, Field, Model, Q, QuerySet

from backlog.filters import narrowing

M = TypeVar("M", bound=Model)
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Position:
    """Between two rows: right after, or right before, the one with this value and id."""

    value: str | None
    id: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where to read from and which way; without a position, from the first or the last row."""

    position: Position | None = None
    is_backwards: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """By one column of a noun; see `order_of`."""

    field: "Field[Any, Any]"
    is_descending: bool

    def read(self, queryset: "QuerySet[M]", cursor: Cursor, limit: int) -> list[M]:
        """Up to `limit` rows from the cursor on, in the order of reading."""
        segments = [False, True] if self.field.null else [False]
        if cursor.is_backwards:
            segments.reverse()
        if cursor.position is not None:
            begins_at_null = cursor.position.value is None
            segments = segments[segments.index(begins_at_null) :]
        found: list[M] = []
        for is_null in segments:
            part = self._segment(queryset, cursor, is_null=is_null)
            found += narrowing.first(part, limit - len(found))
            if len(found) == limit:
                break
        return found

    def position_of(self, row: Any, at: Callable[[Any], tuple[Any, Any]]) -> Position:
        """Of a row where `at` finds its value and its id."""
        value, number = at(row)
        if value is None:
            return Position(None, number)
        holder: Any = SimpleNamespace(**{self.field.attname: value})
        return Position(self.field.value_to_string(holder), number)

    def _segment(self, rows: "QuerySet[M]", cursor: Cursor, *, is_null: bool) -> "QuerySet[M]":
        if self.field.null:
            rows = rows.filter(**{f"{self.field.name}__isnull": is_null})
        is_falling = self.is_descending != cursor.is_backwards
        columns = ["pk"] if is_null else [self.field.name, "pk"]
        if cursor.position is not None and is_null == (cursor.position.value is None):
            rows = rows.filter(self._beyond(cursor.position, is_falling=is_falling))
        return rows.order_by(*(F(each).desc() if is_falling else F(each).asc() for each in columns))

    def _beyond(self, position: Position, *, is_falling: bool) -> Q:
        than = "lt" if is_falling else "gt"
        later_id = Q(**{f"pk__{than}": position.id})
        if position.value is None:
            return later_id
        name, value = self.field.name, self.field.to_python(position.value)
        # The first condition is implied by the second; it is what the index can begin at.
        return Q(**{f"{name}__{than}e": value}) & (Q(**{f"{name}__{than}": value}) | later_id)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows in order, and where to read on from; None where nothing is known to follow."""

    rows: list[Row]
    ahead: Cursor | None
    behind: Cursor | None


def order_of(model: type[Model], ordering: str) -> Order:
    """By the column that `ordering` names, falling where a `-` stands before it."""
    field = model._meta.get_field(ordering.removeprefix("-"))  # noqa: SLF001 -- Django's documented API
    assert isinstance(field, Field)
    return Order(field, is_descending=ordering.startswith("-"))


def page(
    rows: Any,
    order: Order,
    cursor: Cursor,
    *,
    size: int,
    at: Callable[[Any], tuple[Any, Any]] | None = None,
) -> Page[Any]:
    """The `size` rows from the cursor on; `at` finds a row's value and id, if it is no instance."""
    at = at or attrgetter(order.field.attname, "pk")
    found = order.read(rows, cursor, size + 1)
    has_more, found = len(found) > size, found[:size]
    ahead = behind = None
    if has_more:
        ahead = Cursor(order.position_of(found[-1], at), cursor.is_backwards)
    if cursor.position is not None:
        start = order.position_of(found[0], at) if found else None
        behind = Cursor(start, not cursor.is_backwards)
    if cursor.is_backwards:
        return Page(found[::-1], behind, ahead)
    return Page(found, ahead, behind)


# A cursor is signed for its list and order: it fits nowhere else, and holds what we put in it.
# All of its characters stand in an address as they are.


def _signer(place: str) -> signing.Signer:
    return signing.Signer(sep=".", salt=f"cursor:{place}")


def sealed(cursor: Cursor, *, place: str) -> str:
    """The cursor as a text for an address; `place` says of which list and order it is."""
    position = cursor.position and (cursor.position.value, cursor.position.id)
    return _signer(place).sign_object((position, cursor.is_backwards), compress=False)


def opened(text: str, *, place: str) -> Cursor:
    """What `sealed` closed. Raises `signing.BadSignature` for anything else."""
    position, is_backwards = _signer(place).unsign_object(text)
    return Cursor(position and Position(*position), is_backwards)


def begun(text: str, *, place: str) -> Cursor:
    """For pages: an old bookmark, or a place that this list never gave out, is the first page."""
    try:
        return opened(text, place=place) if text else Cursor()
    except signing.BadSignature:
        return Cursor()
