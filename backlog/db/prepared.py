"""Queries that are the same each time but for one value: each process makes their SQL once."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

_VALUE: Final = "the value"


class Prepared:
    """Rows as tuples, of a queryset of `values_list` that `build` makes of a text.

    For what is asked with every call: making SQL of a queryset takes longer than asking.
    """

    def __init__(self, build: "Callable[[str], QuerySet[Any, tuple[Any, ...]]]") -> None:
        self._build = build

    def rows(self, value: str) -> list[tuple[Any, ...]]:
        compiler, sql = self._compiled
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(sql, [value])
            # With the conversions that its columns need on this database.
            return list(compiler.results_iter([cursor.fetchall()]))

    @cached_property
    def _compiled(self) -> tuple[Any, str]:
        compiler = self._build(_VALUE).query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        assert params == (_VALUE,)
        return compiler, sql
