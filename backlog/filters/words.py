"""Lists narrowed by words, in the same time however many rows there are and however rare the words.

Databases guess badly how many rows contain a word, so it is said which way to go. What stands in
many rows is met soon: the first rows of the list are read, `WINDOW` of them. Where these do not
fill the page, it is rare enough to be looked up by the index (`backlog.db.grams`). Either way all
is found that is there, in the order of the list.
"""

from dataclasses import dataclass
from functools import reduce
from itertools import product
from operator import or_
from typing import Any, Final, TypeVar

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    Model,
    OuterRef,
    Q,
    QuerySet,
    When,
)

from backlog.db import grams  # noqa: F401 -- registers the look-ups
from backlog.db.fields import Searched
from backlog.rules import search

M = TypeVar("M", bound=Model)
Rows = TypeVar("Rows", bound=QuerySet[Any])

SMALL_WINDOW: Final = 1_000
WINDOW: Final = 10_000
TERMS: Final = 2
"""So many of the words are looked up, the longest; for the others, what is found is compared."""
COUNTED: Final = 10_000
"""Longer lists are counted so far: to count a million rows takes longer than to show fifty."""
COUNTED_WORDS: Final = 1_000
"""The same for a list that is narrowed by words."""


class Words(ExpressionWrapper[Q]):
    """In each row each term stands somewhere: in one of these paths."""

    def __init__(self, model: type[Model], terms: list[str], paths: tuple[str, ...]) -> None:
        self.model, self.terms, self.paths = model, terms, paths
        super().__init__(self._compared(), output_field=BooleanField())

    def _compared(self) -> Q:
        """By reading each row: always right, and quick where few are read."""
        found = Q()
        for term in self.terms:
            found &= reduce(or_, (self._stands_in(path, term) for path in self.paths))
        return found

    def _stands_in(self, path: str, term: str) -> Q:
        if "__" not in path:
            return Q(**_is(path, term))
        same = self.model._default_manager.filter(pk=OuterRef("pk"))  # noqa: SLF001 -- documented
        stands = Exists(same.filter(**_is(path, term)))
        # As a case it is asked of each row at hand: PostgreSQL would join it, and read all.
        return Q(Case(When(stands, then=True), default=False, output_field=BooleanField()))

    def looked_up(self) -> Q:
        """By the index, which says where they may be: quick where there are few."""
        longest = sorted(self.terms, key=len, reverse=True)[:TERMS]
        ways = product(self.paths, repeat=len(longest))
        rows = (self._rows(list(zip(way, longest, strict=True))) for way in ways)
        return reduce(or_, (Q(pk__drawn_from=each) for each in rows))

    def _rows(self, places: list[tuple[str, str]]) -> "QuerySet[Any, Any]":
        """Those that have each term in its path."""
        rows = self.model._default_manager.all()  # noqa: SLF001 -- documented
        for path, term in places:
            way, _between, column = path.rpartition("__")
            owner = _owner(self.model, way) if way else self.model
            if column != "search_text" or not issubclass(owner, Searched):
                rows = rows.filter(**_is(path, term))
            elif way:
                found = {"search_text__contains": term, "search_text__indexed": term}
                named = owner._default_manager.filter(**found)  # noqa: SLF001 -- documented
                rows = rows.filter(**{f"{way}__pk__drawn_from": named.values("pk")})
            else:
                rows = rows.filter(search_text__indexed=term)
        return rows.values("pk")


def _is(path: str, term: str) -> dict[str, str]:
    """Keys and kinds, which machines write, are looked for as a whole."""
    if path.endswith("search_text"):
        return {f"{path}__contains": term}
    return {path: term.upper() if path.endswith("key") else term}


def _owner(model: type[Model], way: str) -> type[Model]:
    for step in way.split("__"):
        related = model._meta.get_field(step).related_model  # noqa: SLF001 -- documented
        assert isinstance(related, type)
        model = related
    return model


def matching(rows: Rows, wanted: str, *paths: str) -> Rows:
    """Rows in which each word stands somewhere, whatever their order, capitals and composition.

    The paths lead to a `search_text`, or to a column of machines that is ASCII by its form. Lists
    are read by `first`, and counted by `count`.
    """
    terms = search.terms(wanted)
    return rows.filter(Words(rows.model, terms, paths)) if terms else rows


def first(rows: "QuerySet[Any, Any]", limit: int) -> list[Any]:
    """The first of these rows, in their order."""
    words, others = _apart(rows)
    if not words:
        return list(rows[:limit])
    window = others.values("pk")
    for size in (SMALL_WINDOW, WINDOW):
        found = _first(others, rows.filter(pk__drawn_from=window[:size]), limit)
        if len(found) == limit or not window[size - 1 : size].exists():
            return found
    return _first(others, _looked_up(rows, words), limit)


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
    words, others = _apart(rows)
    if words:
        return _count_words(rows, words, others, min(limit, COUNTED_WORDS))
    return _up_to(limit, rows.order_by()[: limit + 1].count())


def _up_to(limit: int, found: int) -> Count:
    return Count(min(found, limit), is_exact=found <= limit)


def _count_words(
    rows: "QuerySet[Any, Any]", words: list[Words], others: "QuerySet[Any, Any]", limit: int
) -> Count:
    window = others.values("pk")
    found = rows.filter(pk__drawn_from=window[:WINDOW]).order_by()[: limit + 1].count()
    if found > limit or not window[WINDOW - 1 : WINDOW].exists():
        return _up_to(limit, found)
    return _up_to(limit, _looked_up(rows, words).order_by()[: limit + 1].count())


def _looked_up(rows: "QuerySet[Any, Any]", words: list[Words]) -> "QuerySet[Any, Any]":
    return reduce(lambda found, each: found.filter(each.looked_up()), words, rows)


def _apart(
    rows: "QuerySet[Any, Any]",
) -> tuple[list[Words], "QuerySet[Any, Any]"]:
    """The words that the rows are narrowed by, and the rows without being so."""
    where = rows.query.where
    # Django keeps a condition that is no comparison as one with True.
    children: list[tuple[Any, Any]] = [(it, getattr(it, "lhs", None)) for it in where.children]
    words = [said for _each, said in children if isinstance(said, Words)]
    if not words:
        return [], rows
    others = rows.all()
    others.query.where = where.clone()
    others.query.where.children = [it for it, said in children if not isinstance(said, Words)]
    return words, others
