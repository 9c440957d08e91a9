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
from backlog.models import Feedback, ImportRun, Reading, Source, User
from backlog.models.fields import size
from backlog.operations import authors, bulk, erased, feedback, ledger, text
from backlog.rules import bounds

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
    """Store what is new, batch by batch, while the caller reads what was not stored and why.

    Each batch is one transaction: it is stored as a whole or not at all.
    """
    rows = (_fitting(row, at) for row in rows)
    while batch := list(islice(rows, manner.batch_size)):
        store = partial(_store_batch, run_id=run_id, manner=manner, by=by, at=at)
        left_out = bulk.despite_races(store, batch)
        yield from (row for row in batch if isinstance(row, BadRow))
        yield from left_out


def _fitting(row: Said | BadRow, at: datetime) -> Said | BadRow:
    """The row, if the columns can hold it; or what is wrong with it."""
    if isinstance(row, BadRow) or (fault := _fault(row, at)) is None:
        return row
    return BadRow(row.line, *fault, excerpt=excerpt(" ".join(row.cells.values())))


def _fault(row: Said, at: datetime) -> tuple[str, dict[str, object]] | None:
    if len(row.words) > bounds.VERBATIM:
        return "words_too_long", {"limit": bounds.VERBATIM}
    if size(row.cells) > bounds.PAYLOAD:
        return "row_too_large", {"limit": bounds.PAYLOAD}
    if row.said_at is None:
        return None
    shown: dict[str, object] = {"value": f"{row.said_at:%Y-%m-%d %H:%M}"}
    if bounds.is_ahead(row.said_at, at):
        return "date_in_the_future", shown
    if row.said_at < bounds.EARLIEST_MOMENT:
        return "date_too_early", {**shown, "earliest": bounds.EARLIEST}
    return None


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
        said_at,
        row.words,
        "" if row.rating is None else str(row.rating),
    )
    return hashlib.sha256(_SEPARATOR.join(parts).encode()).hexdigest()


@transaction.atomic
def _store_batch(
    batch: Sequence[Said | BadRow], *, run_id: int, manner: Manner, by: User | None, at: datetime
) -> list[BadRow]:
    """Store what is new of it; return what was known, and what is of the forgotten."""
    run = ImportRun.objects.select_related("source").get(pk=run_id)
    Source.objects.select_for_update(no_key=True).get(pk=run.source_id)
    rows, forgotten = _without_forgotten(
        run.source, [row for row in batch if isinstance(row, Said)]
    )
    new, known = _sift(run.source, rows)
    stored = _store(run, new, manner, at=at)
    run.rows_read += len(batch)
    run.rows_stored += len(stored)
    run.rows_known += len(known)
    run.rows_refused += len(batch) - len(rows)
    run.save(update_fields=["rows_read", "rows_stored", "rows_known", "rows_refused"])
    if stored:
        data = {"stored": len(stored), "first": stored[0], "last": stored[-1]}
        ledger.record("feedback.imported", subject=run, by=by, at=at, data=data)
    return [
        *(BadRow(row.line, "already_known", excerpt=_beginning(row)) for row in known),
        # The report is a file like any other: it does not begin to list them again.
        *(BadRow(row.line, "erased_on_request") for row in forgotten),
    ]


def _beginning(row: Said) -> str:
    return excerpt(" ".join(row.cells.values()))


def _names(source: Source, row: Said) -> list[erased.Name]:
    return erased.names_of(source=source, external_id=row.author, email="")


def _without_forgotten(source: Source, rows: Sequence[Said]) -> tuple[list[Said], list[Said]]:
    """The rows that may be stored, and those of people who asked to be forgotten."""
    keys = [content_key(source, row) for row in rows]
    names = erased.among(name for row in rows for name in _names(source, row))
    emptied = erased.keys_among(source, keys)
    kept: list[Said] = []
    forgotten: list[Said] = []
    for key, row in zip(keys, rows, strict=True):
        is_forgotten = key in emptied or not names.isdisjoint(_names(source, row))
        (forgotten if is_forgotten else kept).append(row)
    return kept, forgotten


def _sift(source: Source, rows: Iterable[Said]) -> tuple[dict[str, Said], list[Said]]:
    """The new rows by their key, and those known before or said twice in the batch."""
    keyed = [(content_key(source, row), row) for row in rows]
    emptied = erased.row_keys(key for key, _row in keyed)
    keys = Feedback.objects.filter(source=source, dedupe_key__among=[*emptied, *emptied.values()])
    found = keys.values_list("dedupe_key", flat=True)
    seen = {emptied.get(str(key), str(key)) for key in found}
    new: dict[str, Said] = {}
    known: list[Said] = []
    for key, row in keyed:
        if key in seen:
            known.append(row)
        else:
            seen.add(key)
            new[key] = row
    return new, known


def _store(run: ImportRun, new: dict[str, Said], manner: Manner, *, at: datetime) -> list[int]:
    """Store the words with who said them and how they rated; return the ids of the feedback."""
    people = authors.customers_of(new.values(), source=run.source, language=manner.language, at=at)
    names = (name for row in new.values() for name in _names(run.source, row))
    # Somebody may have been forgotten since we looked; from here on they wait for us.
    if not erased.lock_kept(set(people.values())) or erased.among(names):
        raise bulk.Overtaken
    same = {
        "source_id": run.source_id,
        "product_id": run.source.product_id,
        "language": manner.language,
        "received_at": at,
        "content_type": "text/csv",
        "import_run_id": run.pk,
    }
    stored = bulk.insert_numbered(
        Feedback, [same | _facts(key, row, people, at) for key, row in new.items()]
    )
    by_row = list(zip(stored, new.values(), strict=True))
    bulk.insert(
        Reading,
        [
            {"feedback_id": number, "kind": manner.rating_kind, "value": row.rating}
            for number, row in by_row
            if row.rating is not None
        ],
    )
    askers = {people[row.author]: number for number, row in reversed(by_row) if row.author}
    authors.rest_on_own_requests(askers, at=at)
    return stored


def _facts(key: str, row: Said, people: dict[str, int], at: datetime) -> dict[str, Any]:
    return {
        "customer_id": people.get(row.author),
        "external_id": row.external_id,
        "dedupe_key": key,
        "verbatim": row.words,
        "search_text": text.searchable(row.words),
        "said_at": row.said_at or at,
        "payload": row.cells,
    }
