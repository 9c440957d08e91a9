"""Queries that are the same each time but for some values: each process makes their SQL once."""

import inspect
import json
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet, Value


class Given(Value):
    """Stands for what will be given: one value, or with `among` a list of any length."""

    def as_sql(self, *_: Any) -> tuple[str, Any]:
        return "%s", (self,)


class Prepared:
    """Rows as tuples, of a queryset of `values_list` that `build` makes of what is given.

    For what is asked with every call: making SQL of a queryset takes longer than asking. `build`
    gets a `Given` for each of its parameters. Values are numbers, texts, and lists of them.
    """

    def __init__(self, build: "Callable[..., QuerySet[Any, tuple[Any, ...]]]") -> None:
        self._build = build

    def rows(self, *values: int | str | Sequence[int] | Sequence[str]) -> list[tuple[Any, ...]]:
        compiler, sql, params = self._compiled
        connection = connections[DEFAULT_DB_ALIAS]
        if connection.vendor == "sqlite":
            values = tuple(json.dumps(it) if isinstance(it, list) else it for it in values)
        given = [values[it.value] if isinstance(it, Given) else it for it in params]
        with connection.cursor() as cursor:
            cursor.execute(sql, given)
            # With the conversions that its columns need on this database.
            return list(compiler.results_iter([cursor.fetchall()]))

    @cached_property
    def _compiled(self) -> tuple[Any, str, Sequence[Any]]:
        count: Final = len(inspect.signature(self._build).parameters)
        compiler = self._build(*map(Given, range(count))).query.get_compiler(DEFAULT_DB_ALIAS)
        return compiler, *compiler.as_sql()
