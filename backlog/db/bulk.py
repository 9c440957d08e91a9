"""Reading and inserting many rows at once, as fast as the database takes them."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, Final, TypeVar

from django.db import DEFAULT_DB_ALIAS, IntegrityError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, JSONField, Model
from django.db.models.lookups import In
from django.db.models.sql.compiler import SQLCompiler
from psycopg import sql
from psycopg.types.json import Jsonb

from backlog.db.fields import SearchField

FEW: Final = 10
"""Up to so many rows, one INSERT is quicker than COPY, which takes turns with the database."""

T = TypeVar("T")
R = TypeVar("R")


class Overtaken(Exception):  # noqa: N818 -- a race, not a crash
    """Somebody did something meanwhile that what was looked up before does not show."""


@Field.register_lookup
class Among(In):
    """As `in`; PostgreSQL gets the values as one array, not as a thousand parameters.

    So does SQLite where they are yet to be given (`Prepared`).
    """

    lookup_name = "among"

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        given = list(self.rhs) if self.rhs_is_direct_value() else self.rhs
        # Small numbers would be sent as an array of a smaller type than the column's, which the
        # database then compares one by one instead of hashing it.
        is_number = self.lhs.output_field.db_type(connection) == "bigint"
        return f"{column} = ANY(%s{'::bigint[]' if is_number else ''})", [*params, given]

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[Any]]:
        if self.rhs_is_direct_value():
            sql, params = self.as_sql(compiler, connection)
            return sql, list(params)
        column, params = self.process_lhs(compiler, connection)
        marks = "(SELECT value FROM json_each(%s))"
        return f"{column} IN {marks}", [*params, self.rhs]


def insert(model: type[Model], rows: Sequence[dict[str, Any]]) -> None:
    """Store new rows; on PostgreSQL by COPY, unless they are few.

    Each row names the same attributes (`source_id`, not `source`), their values typed as the fields
    are; the others get their defaults. Against `bulk_create` this saves most of the work: building
    an instance of a model takes longer than storing it.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if not rows:
        return
    if connection.vendor != "postgresql":
        _create(model, rows)
    elif len(rows) <= FEW:
        _insert(connection, model, rows)
    else:
        _copy(connection, model, rows)


def insert_numbered(model: type[Model], rows: Sequence[dict[str, Any]]) -> list[int]:
    """As `insert`; return the ids of the rows in their order."""
    connection = connections[DEFAULT_DB_ALIAS]
    if not rows:
        return []
    if connection.vendor != "postgresql":
        return _create(model, rows)
    if len(rows) <= FEW:
        return _insert(connection, model, rows)
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
    query = (
        "SELECT nextval(sequence) FROM CAST(pg_get_serial_sequence(%s, 'id') AS regclass) sequence,"
        " generate_series(1, %s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [table, count])
        return [number for (number,) in cursor.fetchall()]


def _insert(
    connection: BaseDatabaseWrapper, model: type[Model], rows: Sequence[dict[str, Any]]
) -> list[int]:
    fields = _fields(model, rows[0])
    marks = sql.SQL("({})").format(sql.SQL(", ").join([sql.Placeholder()] * len(fields)))
    statement = sql.SQL("INSERT INTO {} ({}) VALUES {} RETURNING id").format(
        *_target(model, fields), sql.SQL(", ").join([marks] * len(rows))
    )
    readers = _readers(fields, rows[0])
    cells = [read(row) for row in rows for read in readers]
    with connection.cursor() as cursor:
        cursor.execute(statement, cells)
        return [number for (number,) in cursor.fetchall()]


def _copy(
    connection: BaseDatabaseWrapper, model: type[Model], rows: Sequence[dict[str, Any]]
) -> None:
    fields = _fields(model, rows[0])
    readers = _readers(fields, rows[0])
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(*_target(model, fields))
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        for row in rows:
            copy.write_row([read(row) for read in readers])


def _target(model: type[Model], fields: "Sequence[Field[Any, Any]]") -> tuple[Any, Any]:
    table = model._meta.db_table  # noqa: SLF001 -- Django's documented API
    columns = [sql.Identifier(str(field.column)) for field in fields]
    return sql.Identifier(table), sql.SQL(", ").join(columns)


def _fields(model: type[Model], row: dict[str, Any]) -> "list[Field[Any, Any]]":
    """Without a number, a row gets its number from the database."""
    fields = model._meta.local_concrete_fields  # noqa: SLF001 -- Django's documented API
    return [it for it in fields if it.attname in row or not it.primary_key]


def _readers(
    fields: "Sequence[Field[Any, Any]]", row: dict[str, Any]
) -> list[Callable[[dict[str, Any]], Any]]:
    """What gives the value of each column of a row, for rows that name the same as this one."""
    return [_reader(field, is_named=field.attname in row) for field in fields]


def _reader(field: "Field[Any, Any]", *, is_named: bool) -> Callable[[dict[str, Any]], Any]:
    if isinstance(field, SearchField):
        return lambda row: field.folded(row.get)
    read = itemgetter(field.attname) if is_named else _default_reader(field)
    return (lambda row: Jsonb(read(row))) if isinstance(field, JSONField) else read


def _default_reader(field: "Field[Any, Any]") -> Callable[[dict[str, Any]], Any]:
    """Where the default is a function, each row gets its own."""
    if callable(field.default):
        return lambda _row: field.get_default()
    default = field.get_default()
    return lambda _row: default
