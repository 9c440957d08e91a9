"""The rows that a call stored, again and again under other numbers, by PostgreSQL's COPY."""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

# In an order in which each refers only to those before it; beside its own, what is numbered anew.
TABLES = {
    "backlog_feedback": "id",
    "backlog_reading": "feedback_id",
    "backlog_event": "subject_id",
}
FAR = 1_000_000

Rows = list[tuple[str, list[str], list[list[Any]]]]


class Copies:
    def __init__(self) -> None:
        self._last = {table: self._newest(table) for table in TABLES}

    def of_what_came(self, rounds: int) -> Iterator[Rows]:
        """All that was stored since, made ready to be stored once for each round."""
        came = [self._read(table) for table in TABLES]
        ready = [[_moved(*each, number) for each in came] for number in range(1, rounds + 1)]
        return iter(ready)

    def store(self, rows: Rows) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for table, columns, stored in rows:
                with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                    for row in stored:
                        copy.write_row(row)

    def _newest(self, table: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
            newest: int = cursor.fetchone()[0]
            return newest

    def _read(self, table: str) -> tuple[str, list[str], list[tuple[Any, ...]]]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table} WHERE id > %s", [self._last[table]])
            return table, [column.name for column in cursor.description], cursor.fetchall()


def _moved(
    table: str, columns: list[str], rows: list[tuple[Any, ...]], number: int
) -> tuple[str, list[str], list[list[Any]]]:
    numbered = {"id", TABLES[table]}

    def cell(name: str, value: Any) -> Any:
        if name in numbered:
            return value + FAR * number
        if name == "dedupe_key" and value is not None:
            return hashlib.sha256(f"{number}{value}".encode()).hexdigest()
        return bytes(value) if isinstance(value, memoryview) else value

    return table, columns, [list(map(cell, columns, row)) for row in rows]
