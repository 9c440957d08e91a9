"""Reading and inserting many rows at once, as fast as the database takes them."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, IntegrityError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, JSONField, Model
from django.db.models.lookups import In
from django.db.models.sql.compiler import SQLCompiler
from psycopg import sql
from psycopg.types.json import Jsonb

from backlog.db.fields import SearchField

T = TypeVar("T")
R = TypeVar("R")


class Overtaken(Exception):  # noqa: N818 -- a race, not a crash
    """Somebody did something meanwhile that what was looked up before does not show."""


@Field.register_lookup
class Among(In):
    """As `in`; PostgreSQL gets the values as one array, not as a thousand parameters."""

    lookup_name = "among"

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*params, list(self.rhs)]


def insert(model: type[Model], rows: Sequence[dict[str, Any]]) -> None:
    """Store new rows; on PostgreSQL by COPY.

    Each row names the same attributes (`source_id`, not `source`), their values typed as the fields
    are; the others get their defaults. Against `bulk_create` this saves most of the work: building
    an instance of a model takes longer than storing it.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "postgresql":
        _copy(connection, model, rows)
    else:
        _create(model, rows)


def insert_numbered(model: type[Model], rows: Sequence[dict[str, Any]]) -> list[int]:
    """As `insert`; return the ids of the rows in their order."""
    connection = connections[DEFAULT_DB_ALIAS]
    if not rows:
        return []
    if connection.vendor != "postgresql":
        return _create(model, rows)
    ids = _next_ids(connection, model, len(rows))
    _copy(connection, model, [row | {"id": pk} for pk, row in zip(ids, rows, strict=True)])
    return ids


def despite_races(store: Callable[[Sequence[T]], list[R]], rows: Sequence[T]) -> list[R]:
    """Store rows; where somebody else was first with one of them, in ever smaller parts.

    `store` is atomic. Who was first has committed by then: trying that row alone once more finds it
    known.
    """
    try:
        return store(rows)
    except (IntegrityError, OperationalError, Overtaken):  # A row lost, or a deadlock over one.
        if len(rows) < 2:
            return store(rows)
    half = len(rows) // 2
    return [*despite_races(store, rows[:half]), *despite_races(store, rows[half:])]


def _create(model: type[Model], rows: Sequence[dict[str, Any]]) -> list[int]:
    manager = model._default_manager  # noqa: SLF001 -- Django's documented API
    return [row.pk for row in manager.bulk_create([model(**row) for row in rows])]


def _next_ids(connection: BaseDatabaseWrapper, model: type[Model], count: int) -> list[int]:
    table = model._meta.db_table  # noqa: SLF001 -- Django's documented API
    query = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
    with connection.cursor() as cursor:
        cursor.execute(query, [table, count])
        return [number for (number,) in cursor.fetchall()]


def _copy(
    connection: BaseDatabaseWrapper, model: type[Model], rows: Sequence[dict[str, Any]]
) -> None:
    if not rows:
        return
    meta = model._meta  # noqa: SLF001 -- Django's documented API
    # Without a number, a row gets its number from the database.
    fields = [
        it for it in meta.local_concrete_fields if it.attname in rows[0] or not it.primary_key
    ]
    columns = sql.SQL(", ").join([sql.Identifier(str(field.column)) for field in fields])
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(meta.db_table), columns)

    cells = [(it, it.attname, isinstance(it, JSONField)) for it in fields]

    def values(row: dict[str, Any]) -> Iterator[Any]:
        for field, name, is_document in cells:
            if isinstance(field, SearchField):
                value: Any = field.folded(row.get)
            else:
                value = row[name] if name in row else field.get_default()
            yield Jsonb(value) if is_document else value

    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        for row in rows:
            copy.write_row(list(values(row)))
