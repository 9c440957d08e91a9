"""Lists narrowed by words, in the same time however many rows there are and however rare the words.

A word is compared with each row, or looked up by three of its characters (`backlog.db.grams`).
"""

from functools import reduce
from itertools import product
from operator import or_
from typing import Any, Final, TypeVar

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    Model,
    OuterRef,
    Q,
    QuerySet,
    When,
)

from backlog.db.fields import Searched
from backlog.filters.narrowing import Narrowing
from backlog.rules import search

M = TypeVar("M", bound=Model)
Rows = TypeVar("Rows", bound=QuerySet[Any])

TERMS: Final = 2
"""So many of the words are looked up, the longest; for the others, what is found is compared."""
COUNTED_WORDS: Final = 1_000
"""So far a list is counted that is narrowed by words."""


class Words(Narrowing):
    """In each row each term stands somewhere: in one of these paths."""

    counted = COUNTED_WORDS

    def __init__(self, model: type[Model], terms: list[str], paths: tuple[str, ...]) -> None:
        self.model, self.terms, self.paths = model, terms, paths
        super().__init__()

    def compared(self) -> Q:
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

    The paths lead to a `search_text`, or to a column of machines that is ASCII by its form.
    """
    terms = search.terms(wanted)
    return rows.filter(Words(rows.model, terms, paths)) if terms else rows
