"""Rows by columns: read as plain values, or taken from rows at hand; what a shape is filled from.

A list reads the columns that its serializer names, and makes a page of each field at once. Building
an instance of a model for each row, and asking each field about each, takes longer than the
database. A row at hand, as after a write, is shown by the same shape from its attributes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, reduce
from typing import Any, Protocol

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, Prefetch, QuerySet
from django.db.models.sql.where import AND

from backlog.db.prepared import Prepared
from backlog.rules import bounds

Context = Mapping[str, Any]
Column = Sequence[Any]
"""A value for each row."""

EXCERPTS = "excerpts"
"""In the context of a list: long texts are cut short."""


class Page(Protocol):
    """Some rows of one model. `product__name` is a column of the row that each points to."""

    def __len__(self) -> int: ...

    def __getitem__(self, path: str) -> Column: ...

    def children(self, relation: str, shape: "Shape", context: Context) -> Column:
        """For each row a list of the rows that belong to it, as they are shown."""


Shown = Callable[[Page, Context], Column]


@dataclass(frozen=True)
class Part:
    """A field: its name, the columns it is made of, and how it is made for all rows of a page."""

    name: str
    paths: tuple[str, ...]
    shown: Shown


@dataclass(frozen=True)
class Shape:
    """The fields of a row, in their order."""

    parts: tuple[Part, ...]

    @cached_property
    def paths(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(path for part in self.parts for path in part.paths))

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(part.name for part in self.parts)

    def shown(self, page: Page, context: Context) -> list[dict[str, Any]]:
        names = self.names
        return [dict(zip(names, row, strict=True)) for row in self._filled(page, context)]

    def shown_once(self, keys: Column, page: Page, context: Context) -> list[dict[str, Any] | None]:
        """The same of rows that come again, as what many point to does; of no key nothing."""
        if not any(keys):
            return [None] * len(keys)
        rows = dict(zip(keys, self._filled(page, context), strict=True))
        rows.pop(None, None)
        made = {key: dict(zip(self.names, row, strict=True)) for key, row in rows.items()}
        return [made.get(key) for key in keys]

    def _filled(self, page: Page, context: Context) -> Iterable[tuple[Any, ...]]:
        return zip(*(part.shown(page, context) for part in self.parts), strict=True)


class Stored:
    """Plain values as the database gave them: of each row those that the paths lead to."""

    def __init__(
        self, queryset: "QuerySet[Any]", paths: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
    ) -> None:
        self._queryset, self.paths, self._rows = queryset, paths, rows
        columns: Iterable[Column] = zip(*rows, strict=True) if rows else [()] * len(paths)
        self._columns = dict(zip(paths, columns, strict=True))

    @classmethod
    def read(cls, queryset: "QuerySet[Any]", paths: tuple[str, ...]) -> "Stored":
        return cls(queryset, paths, list(values(queryset, paths)))

    @classmethod
    def read_one(cls, model: type[Model], pk: int, paths: tuple[str, ...]) -> "Stored":
        """The row of this id, whoever asks."""
        return cls(QuerySet(model), paths, _one(model, paths).rows(pk))

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, path: str) -> Column:
        return self._columns[path]

    def children(self, relation: str, shape: Shape, context: Context) -> Column:
        """By one query, which shows what the queryset of these rows would have prefetched."""
        parents = self._columns[key(self._queryset.model)]
        page = self._read_children(relation, parents, shape)
        by_parent: dict[Any, list[Any]] = {parent: [] for parent in parents}
        for parent, shown in zip(page[page.paths[0]], shape.shown(page, context), strict=True):
            by_parent[parent].append(shown)
        return list(by_parent.values())

    def _read_children(self, relation: str, parents: Column, shape: Shape) -> "Stored":
        """The rows of the relation; how they name ours is the first of its paths."""
        field: Any = self._queryset.model._meta.get_field(relation)  # noqa: SLF001 -- documented
        link, model = field.remote_field.name, field.related_model
        paths = unique(link, *shape.paths)
        # Django has no other way to ask a queryset for this.
        for each in self._queryset._prefetch_related_lookups:  # type: ignore[attr-defined]  # noqa: SLF001
            if isinstance(each, Prefetch) and each.prefetch_to == relation:
                assert each.queryset is not None
                related = each.queryset.filter(**{f"{link}__in": parents})
                return Stored.read(_in_order(related), paths)
        return Stored(QuerySet(model), paths, _children(model, link, paths).rows(list(parents)))


class AtHand:
    """Rows that somebody has loaded; what they point to is loaded where it was not."""

    def __init__(self, rows: Iterable[Model]) -> None:
        self._rows = list(rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, path: str) -> Column:
        steps = path.split("__")
        return [reduce(_step, steps, row) for row in self._rows]

    def children(self, relation: str, shape: Shape, context: Context) -> Column:
        return [shape.shown(AtHand(getattr(row, relation).all()), context) for row in self._rows]


def values(queryset: "QuerySet[Any]", paths: tuple[str, ...]) -> "QuerySet[Any, tuple[Any, ...]]":
    """The same rows as tuples; what instances would have loaded beside them is left out."""
    query = queryset.query
    joined = {alias for alias, times in query.alias_refcount.items() if times}
    is_of_one_table = joined <= {query.get_meta().db_table}
    if not is_of_one_table or query.annotations or query.distinct or query.is_sliced:
        return queryset.prefetch_related(None).values_list(*paths)
    # To find the way to each column takes longer than to ask for them all: it is found once, and
    # the conditions, which are about this table alone, are put beside it.
    model: Any = queryset.model
    found = _all_values(model, paths).order_by(*query.order_by)
    found.query.where.add(query.where, AND)
    return found


@cache
def _all_values(model: Any, paths: tuple[str, ...]) -> "QuerySet[Any, tuple[Any, ...]]":
    return QuerySet(model).values_list(*paths)


@cache
def _one(model: type[Model], paths: tuple[str, ...]) -> Prepared:
    return Prepared(lambda pk: _all_values(model, paths).filter(pk=pk))


@cache
def _children(model: Any, link: str, paths: tuple[str, ...]) -> Prepared:
    def of(parents: Any) -> "QuerySet[Any, tuple[Any, ...]]":
        related = model._default_manager.filter(**{f"{link}__pk__among": parents})  # noqa: SLF001
        return _in_order(related).values_list(*paths)

    return Prepared(of)


def _in_order(queryset: "QuerySet[Any]") -> "QuerySet[Any]":
    return queryset if queryset.query.order_by else queryset.order_by("pk")


def key(model: type[Model]) -> str:
    return str(model._meta.pk.attname)  # noqa: SLF001 -- documented


def unique(*paths: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(paths))


def excerpts(value: Any) -> Any:
    """The same with long texts cut short: a list shows how they begin, the row itself all of it."""
    match value:
        case str():
            return value if len(value) <= bounds.EXCERPT else value[: bounds.EXCERPT - 1] + "…"
        case dict():
            return {name: excerpts(each) for name, each in value.items()}
        case list():
            return [excerpts(each) for each in value]
    return value


def _step(row: Any, name: str) -> Any:
    """None where the path leads through something absent, as in a query."""
    try:
        return getattr(row, name, None)
    except ObjectDoesNotExist:
        return None
