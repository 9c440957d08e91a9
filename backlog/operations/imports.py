"""Importing what customers said from a file: batch by batch, each row once.

A run that dies leaves whole batches; importing the same file again stores the rest. A batch locks
its source first, so that two imports into it take turns.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from backlog.intake.problems import BadRow
from backlog.intake.records import excerpt
from backlog.intake.rows import Said
from backlog.models import ImportRun, Source, User
from backlog.operations import authors, bulk, feedback, ledger
from backlog.operations.authors import Author, Facts, Person

_SEPARATOR = "\0"  # The reader lets no cell with a NUL pass, so joined cells cannot be confused.


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How the rows of a run are to be taken."""

    language: str
    rating_kind: str
    batch_size: int = 1_000


@transaction.atomic
def start_import(*, source: Source, file_name: str, by: User | None, at: datetime) -> ImportRun:
    """Open the books of an import. Refused if the source is switched off."""
    if not source.is_active:
        raise feedback.SourceClosed(
            _("The source “%(source)s” is switched off.") % {"source": source}
        )
    run = ImportRun.objects.create(
        source=source, file_name=file_name[-255:], started_by=by, started_at=at
    )
    ledger.record("import.started", subject=run, by=by, at=at, data={"source": source.pk})
    return run


def store_rows(
    *,
    run_id: int,
    rows: Iterable[Said | BadRow],
    manner: Manner,
    by: User | None,
    at: datetime,
) -> Iterator[BadRow]:
    """Store what is new, batch by batch, while the caller reads what was not stored and why, and
    what must be said of rows that were.

    Each batch is one transaction: it is stored as a whole or not at all.
    """
    rows = iter(rows)
    while batch := list(islice(rows, manner.batch_size)):
        store = partial(_store_batch, run_id=run_id, manner=manner, by=by, at=at)
        reported = bulk.despite_races(store, batch)
        yield from (row for row in batch if isinstance(row, BadRow))
        yield from reported


@transaction.atomic
def finish_import(*, run_id: int, status: str, by: User | None, at: datetime) -> ImportRun:
    """Close the books. Closing them twice changes nothing."""
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    if run.status == ImportRun.Status.RUNNING:
        run.status, run.finished_at = status, at
        run.save(update_fields=["status", "finished_at"])
        ledger.record(f"import.{status}", subject=run, by=by, at=at)
    return run


def content_key(source: Source, row: Said) -> str:
    """What makes a row the same as another: the source's number, or else all that it says."""
    if row.external_id:
        key = feedback.dedupe_key(row.external_id)
        assert key is not None
        return key
    said_at = row.said_at.isoformat() if row.said_at else ""
    parts = (
        source.key,
        row.author,
        row.email,
        said_at,
        row.words,
        "" if row.rating is None else str(row.rating),
    )
    return hashlib.sha256(_SEPARATOR.join(parts).encode()).hexdigest()


@transaction.atomic
def _store_batch(
    batch: Sequence[Said | BadRow], *, run_id: int, manner: Manner, by: User | None, at: datetime
) -> list[BadRow]:
    """Store what is new of it; return what must be reported of the rest, row by row."""
    rows = [row for row in batch if isinstance(row, Said)]
    run = ImportRun.objects.select_related("source").get(pk=run_id)
    Source.objects.select_for_update(no_key=True).get(pk=run.source_id)
    stored = feedback.store(_drafts(run, rows, manner, at=at), by=by, at=at)
    new = [each.id for each in stored if each.is_new]
    run.rows_read += len(batch)
    run.rows_stored += len(new)
    run.rows_known += len(stored) - len(new)
    run.rows_refused += len(batch) - len(rows)
    run.save(update_fields=["rows_read", "rows_stored", "rows_known", "rows_refused"])
    if new:
        data = {"stored": len(new), "first": new[0], "last": new[-1]}
        ledger.record("feedback.imported", subject=run, by=by, at=at, data=data)
    return [
        BadRow(row.line, code, excerpt=excerpt(" ".join(row.cells.values())))
        for row, each in zip(rows, stored, strict=True)
        for code in (each.notes if each.is_new else ("already_known",))
    ]


def _drafts(
    run: ImportRun, rows: Sequence[Said], manner: Manner, *, at: datetime
) -> list[feedback.Draft]:
    same = {
        "source_id": run.source_id,
        "product_id": run.source.product_id,
        "language": manner.language,
        "received_at": at,
        "content_type": "text/csv",
        "import_run_id": run.pk,
    }
    return [
        feedback.Draft(
            source=run.source,
            row=same | _values(run.source, row, at),
            author=_author(run, row, manner),
            readings={} if row.rating is None else {manner.rating_kind: row.rating},
        )
        for row in rows
    ]


def _author(run: ImportRun, row: Said, manner: Manner) -> Author | None:
    if not row.author and not row.email:
        return None
    facts = Facts(row.author_name, manner.language, account_name=row.account)
    return Author(run.source_id, authors.checked(Person(row.author, row.email)), facts)


def _values(source: Source, row: Said, at: datetime) -> dict[str, Any]:
    return {
        "customer_id": None,
        "external_id": row.external_id,
        "dedupe_key": content_key(source, row),
        "verbatim": row.words,
        "said_at": row.said_at or at,
        "payload": row.cells,
    }
