"""Reading and inserting many rows at once, as fast as the database takes them."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, JSONField, Model
from django.db.models.lookups import In
from django.db.models.sql.compiler import SQLCompiler
from psycopg import sql
from psycopg.types.json import Jsonb


@Field.register_lookup
class Among(In):
    """As `in`; PostgreSQL gets the values as one array, not as a thousand parameters."""

    lookup_name = "among"

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*params, list(self.rhs)]


def insert(model: type[Model], rows: Sequence[dict[str, Any]]) -> list[int]:
    """Store new rows and return their ids in the same order; on PostgreSQL by COPY.

    Each row names the same attributes (`source_id`, not `source`), their values typed as the fields
    are; the others get their defaults. Against `bulk_create` this saves most of the work: building
    an instance of a model takes longer than storing it.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if not rows:
        return []
    if connection.vendor == "postgresql":
        return _copy(connection, model, rows)
    manager = model._default_manager  # noqa: SLF001 -- Django's documented API
    stored = manager.bulk_create([model(**row) for row in rows])
    return [row.pk for row in stored]


def _copy(
    connection: BaseDatabaseWrapper, model: type[Model], rows: Sequence[dict[str, Any]]
) -> list[int]:
    meta = model._meta  # noqa: SLF001 -- Django's documented API
    fields = meta.local_concrete_fields
    columns = sql.SQL(", ").join([sql.Identifier(str(field.column)) for field in fields])
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(meta.db_table), columns)

    def values(row: dict[str, Any]) -> Iterator[Any]:
        for field in fields:
            value = row[field.attname] if field.attname in row else field.get_default()
            yield Jsonb(value) if isinstance(field, JSONField) else value

    with connection.wrap_database_errors, connection.cursor() as cursor:
        ids = _next_ids(cursor, meta, len(rows))
        with cursor.copy(statement) as copy:
            for number, row in zip(ids, rows, strict=True):
                copy.write_row(list(values({**row, meta.pk.attname: number})))
    return ids


def _next_ids(cursor: Any, meta: Any, count: int) -> list[int]:
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
        [meta.db_table, meta.pk.column, count],
    )
    return [number for (number,) in cursor.fetchall()]
