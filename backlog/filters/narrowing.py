"""Lists narrowed by what no index of theirs can say, in the same time however many rows there are.

Databases guess badly how many rows contain a word, or point to a row of some kind, so it is said
which way to go. What is common is met soon: the first rows of the list are read, `WINDOW` of them.
Where these do not fill the page, it is rare enough to be looked up from the other side. Either way
all is found that is there, in the order of the list.
"""

from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    When,
)

from backlog.db import grams  # noqa: F401 -- registers the look-ups

SMALL_WINDOW: Final = 1_000
WINDOW: Final = 5_000
COUNTED: Final = 10_000
"""Longer lists are counted so far: to count a million rows takes longer than to show fifty."""


class Narrowing(ExpressionWrapper[Q]):
    """A condition that can be met in two ways; lists are read by `first`, counted by `count`."""

    counted = COUNTED
    """So far a list is counted that is narrowed by it."""

    def __init__(self) -> None:
        super().__init__(self.compared(), output_field=BooleanField())

    def compared(self) -> Q:
        """By reading each row: always right, and quick where few are read."""
        raise NotImplementedError

    def looked_up(self) -> Q:
        """By an index, which says where they may be: quick where there are few."""
        raise NotImplementedError


class Through(Narrowing):
    """Rows that point, by a foreign key, to one of those that `found` reads."""

    def __init__(self, key: str, found: "QuerySet[Any, Any]") -> None:
        self.key, self.found = key, found
        super().__init__()

    def compared(self) -> Q:
        points = Exists(self.found.filter(pk=OuterRef(self.key)))
        # As a case it is asked of each row at hand: PostgreSQL would join it, and read all.
        return Q(Case(When(points, then=True), default=False, output_field=BooleanField()))

    def looked_up(self) -> Q:
        return Q(**{f"{self.key}__pk__drawn_from": self.found.values("pk")})


class PointedAt(Narrowing):
    """Rows that one of those `found` points to by its foreign key `key`."""

    def __init__(self, key: str, found: "QuerySet[Any, Any]") -> None:
        self.key, self.found = key, found
        super().__init__()

    def compared(self) -> Q:
        points = Exists(self.found.filter(**{self.key: OuterRef("pk")}))
        # As a case it is asked of each row at hand: PostgreSQL would join it, and read all.
        return Q(Case(When(points, then=True), default=False, output_field=BooleanField()))

    def looked_up(self) -> Q:
        return Q(pk__drawn_from=self.found.values(self.key))


def first(rows: "QuerySet[Any, Any]", limit: int) -> list[Any]:
    """The first of these rows, in their order."""
    narrowed, others = _apart(rows)
    if not narrowed:
        return list(rows[:limit])
    window = others.values("pk")
    for size in (SMALL_WINDOW, WINDOW):
        found = _first(others, rows.filter(pk__drawn_from=window[:size]), limit)
        if len(found) == limit or not window[size - 1 : size].exists():
            return found
    return _first(others, _looked_up(rows, narrowed), limit)


def _first(others: "QuerySet[Any, Any]", found: "QuerySet[Any, Any]", limit: int) -> list[Any]:
    """What else a list shows of each row is read only of those that are shown."""
    return list(others.filter(pk__drawn_from=found.values("pk")[:limit]))


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are; at least so many, where that is not exact."""

    number: int
    is_exact: bool


def count(rows: "QuerySet[Any, Any]", limit: int = COUNTED) -> Count:
    """How many rows there are, up to a limit."""
    narrowed, others = _apart(rows)
    if narrowed:
        return _count_narrowed(rows, narrowed, others, min(limit, *(it.counted for it in narrowed)))
    return _up_to(limit, rows.order_by()[: limit + 1].count())


def _up_to(limit: int, found: int) -> Count:
    return Count(min(found, limit), is_exact=found <= limit)


def _count_narrowed(
    rows: "QuerySet[Any, Any]",
    narrowed: list[Narrowing],
    others: "QuerySet[Any, Any]",
    limit: int,
) -> Count:
    window = others.values("pk")
    found = rows.filter(pk__drawn_from=window[:WINDOW]).order_by()[: limit + 1].count()
    if found > limit or not window[WINDOW - 1 : WINDOW].exists():
        return _up_to(limit, found)
    return _up_to(limit, _looked_up(rows, narrowed).order_by()[: limit + 1].count())


def _looked_up(rows: "QuerySet[Any, Any]", narrowed: list[Narrowing]) -> "QuerySet[Any, Any]":
    return reduce(lambda found, each: found.filter(each.looked_up()), narrowed, rows)


def _apart(rows: "QuerySet[Any, Any]") -> tuple[list[Narrowing], "QuerySet[Any, Any]"]:
    """What the rows are narrowed by, and the rows without being so."""
    where = rows.query.where
    # Django keeps a condition that is no comparison as one with True.
    children: list[tuple[Any, Any]] = [(it, getattr(it, "lhs", None)) for it in where.children]
    narrowed = [said for _each, said in children if isinstance(said, Narrowing)]
    if not narrowed:
        return [], rows
    others = rows.all()
    others.query.where = where.clone()
    others.query.where.children = [it for it, said in children if not isinstance(said, Narrowing)]
    return narrowed, others
