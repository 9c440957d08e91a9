"""Lists narrowed by words, in the same time however many rows there are and however rare the words.

Databases guess badly how many rows contain a word, so it is said which way to go. What stands in
many rows is met soon: the first rows of the list are read, `WINDOW` of them. Where these do not
fill the page, it is rare enough to be looked up by the index (`backlog.db.grams`). Either way all
is found that is there, in the order of the list.
"""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Final, TypeVar

from django.db.models import BooleanField, Exists, ExpressionWrapper, Model, OuterRef, Q, QuerySet

from backlog.db import grams  # noqa: F401 -- registers the look-ups
from backlog.db.fields import Searched
from backlog.rules import search

M = TypeVar("M", bound=Model)
Rows = TypeVar("Rows", bound=QuerySet[Any])

WINDOW: Final = 10_000
COUNTED: Final = 10_000
"""Longer lists are counted so far: to count a million rows takes longer than to show fifty."""
COUNTED_WORDS: Final = 1_000
"""The same for a list that is narrowed by words."""


class Words(ExpressionWrapper):
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
        return Q(Exists(same.filter(**_is(path, term))))

    def looked_up(self) -> Q:
        """By the index: quick where there are few."""
        found = Q()
        for term in self.terms:
            found &= reduce(or_, (Q(pk__drawn_from=self._rows(path, term)) for path in self.paths))
        return found

    def _rows(self, path: str, term: str) -> "QuerySet[Any, Any]":
        rows = self.model._default_manager.all()  # noqa: SLF001 -- documented
        way, _between, column = path.rpartition("__")
        owner = _owner(self.model, way) if way else self.model
        if column != "search_text":
            return rows.filter(**_is(path, term)).values("pk")
        named = owner._default_manager.filter(search_text__contains=term)  # noqa: SLF001
        if issubclass(owner, Searched):
            named = named.filter(search_text__indexed=term)
        if not way:
            return named.values("pk")
        return rows.filter(**{f"{way}__pk__drawn_from": named.values("pk")}).values("pk")


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
    found = list(rows.filter(pk__drawn_from=window[:WINDOW])[:limit])
    if len(found) == limit or not window[WINDOW - 1 : WINDOW].exists():
        return found
    for each in words:
        others = others.filter(each.looked_up())
    return list(others[:limit])


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
    for each in words:
        others = others.filter(each.looked_up())
    return _up_to(limit, others.order_by()[: limit + 1].count())


def _apart(
    rows: "QuerySet[Any, Any]",
) -> tuple[list[Words], "QuerySet[Any, Any]"]:
    """The words that the rows are narrowed by, and the rows without being so."""
    where = rows.query.where
    words = [each for each in where.children if isinstance(each, Words)]
    if not words:
        return [], rows
    others = rows.all()
    others.query.where = where.clone()
    others.query.where.children = [it for it in where.children if not isinstance(it, Words)]
    return words, others
