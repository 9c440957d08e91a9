"""Importing feedback from a CSV file, against a bare COPY of the very rows that it stores.

The import reads the file, understands dates and ratings, looks for duplicates and finds or adds
customers; half its rows are Korean, half English, and each author writes ten times.
"""

import csv
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from backlog.intake import files, rows
from backlog.models import Feedback, Source
from backlog.operations import import_runs
from bench import measure

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ROWS = 50_000 if measure.IS_LARGE else 10_000
WORDS = ("결제가 자꾸 실패해요. 알림도 두 번 와요", "Paying keeps failing, and alerts come twice")
# In an order in which each refers only to those before it.
TABLES = ("customer", "contactpoint", "feedback", "reading", "consent")

Content = list[tuple[str, list[str], list[tuple[Any, ...]]]]


def figures() -> list[measure.Figure]:
    if connection.vendor != "postgresql":
        print("import: left out, its limit is PostgreSQL's COPY (set DATABASE_URL)")
        return []
    source = Source.objects.create(key="bench-import", name="Bench", kind="file")
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "feedback.csv"
        _write(path)
        _import(source, path)
        assert Feedback.objects.filter(source=source).count() == ROWS
        content = _stored()
        return [
            measure.compare(
                f"import {ROWS:,} rows of feedback",
                ours=lambda: _import(source, path),
                limit=lambda: _copy(content),
                units=ROWS,
                target="≥ 0.40",
            )
        ]


def _write(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "review", "author", "rating", "date"])
        for n in range(ROWS):
            author = f"customer{n % (ROWS // 10)}@example.com"
            writer.writerow([n, f"{WORDS[n % 2]} {n}", author, n % 11, f"2026-02-{n % 28 + 1:02}"])


def _import(source: Source, path: Path) -> None:
    _clear()
    table = files.open_table(path)
    mapping = rows.Mapping(
        text="review", author="author", external_id="id", date="date", rating="rating"
    )
    reader = rows.Reader(mapping=mapping.resolved(table.columns), zone=UTC, rating_kind="nps")
    manner = import_runs.Manner(language="ko", rating_kind="nps")
    run = import_runs.start_import(source=source, file_name=path.name, by=None, at=AT)
    said = reader.read(table)
    reported = import_runs.store_rows(run_id=run.pk, rows=said, manner=manner, by=None, at=AT)
    assert not list(reported)


def _copy(content: Content) -> None:
    _clear()
    with transaction.atomic(), connection.cursor() as cursor:
        for table, columns, stored in content:
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                for row in stored:
                    copy.write_row(row)


def _stored() -> Content:
    content = []
    with connection.cursor() as cursor:
        for table in (f"backlog_{name}" for name in TABLES):
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")
            columns = [column.name for column in cursor.description]
            content.append((table, columns, [_plain(row) for row in cursor.fetchall()]))
    return content


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row)


def _clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE backlog_feedback, backlog_customer CASCADE")
