"""Importing what customers said from a file: batch by batch, each row once.

A run that dies leaves whole batches; importing the same file again stores the rest. A batch locks
its source first, so that two imports into it take turns.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

from django.db import transaction

from backlog.intake.problems import BadRow, Finding
from backlog.intake.records import excerpt
from backlog.intake.rows import Said
from backlog.models import Feedback, ImportRun, Reading, Source, User
from backlog.operations import authors, bulk, feedback, ledger, repeats, sources, text
from backlog.operations.repeats import Earlier, Settled


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How the rows of a run are to be taken. Without a language, each is in its own."""

    language: str = ""
    rating_kind: str = "stars"
    batch_size: int = 1_000


@dataclass
class Pace:
    """How many rows the next batch has, and a rest after each, in which others may write."""

    rows: int

    def rest(self) -> None:
        """None is needed where others write at the same time."""


class Counts(NamedTuple):
    """What became of the rows of a file, or would."""

    read: int = 0
    stored: int = 0
    known: int = 0
    refused: int = 0

    def plus(self, other: "Counts") -> "Counts":
        return Counts(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


class _Numbered(NamedTuple):
    """A row, and how often the file has said the same where it has no number."""

    row: Said
    times: int


_Batch = Sequence[_Numbered | BadRow]


@transaction.atomic
def start_import(*, source: Source, file_name: str, by: User | None, at: datetime) -> ImportRun:
    """Open the books of an import. Refused if the source is switched off."""
    check_open(source)
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
    pace: Pace | None = None,
) -> Iterator[Finding]:
    """Store what is new, batch by batch, while the caller reads what is wrong with which row.

    Each batch is one transaction: it is stored as a whole or not at all. Between two of them is
    what the `pace` does.
    """
    pace = pace or Pace(manner.batch_size)
    source = ImportRun.objects.select_related("source").get(pk=run_id).source
    with Earlier() as earlier:
        for batch in _batches(source, rows, pace, earlier):
            store = partial(_store_batch, run_id=run_id, manner=manner, by=by, at=at)
            settled = bulk.despite_races(store, batch)
            yield from _findings(batch, settled)
            pace.rest()


def try_rows(
    *, source: Source, rows: Iterable[Said | BadRow], manner: Manner
) -> Iterator[tuple[Counts, list[Finding]]]:
    """What `store_rows` would do with each batch, and what is wrong with its rows.

    It writes nothing and locks nothing, not even for a moment.
    """
    check_open(source)
    with Earlier() as earlier:
        for batch in _batches(source, rows, Pace(manner.batch_size), earlier):
            numbered = [it for it in batch if isinstance(it, _Numbered)]
            messages = [_message(source, it, manner) for it in numbered]
            settled = repeats.settle(source, messages, earlier.stored)
            earlier.keep(
                {
                    it.key: message.content
                    for it, message in zip(settled, messages, strict=True)
                    if it.key and not it.is_known
                }
            )
            yield _counts(batch, settled), list(_findings(batch, settled))


def check_open(source: Source) -> None:
    """Raises SourceClosed for a source that was switched off."""
    feedback.check_open(source)


@transaction.atomic
def finish_import(*, run_id: int, status: str, by: User | None, at: datetime) -> ImportRun:
    """Close the books. Closing them twice changes nothing."""
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    if run.status == ImportRun.Status.RUNNING:
        run.status, run.finished_at = status, at
        run.save(update_fields=["status", "finished_at"])
        ledger.record(f"import.{status}", subject=run, by=by, at=at)
    return run


def content_key(source: Source, row: Said, times: int = 1) -> str:
    """What makes a row the same as another: the source's number, or else all that it says.

    What a file says several times without a number was said several times.
    """
    key = feedback.dedupe_key(row.external_id)
    if key is not None:
        return key
    said_at = row.said_at.isoformat() if row.said_at else ""
    rating = "" if row.rating is None else str(row.rating)
    said = (row.author, row.author_name, row.account, said_at, row.words, rating)
    return repeats.digest(source.key, *said, str(times))


def _batches(
    source: Source, rows: Iterable[Said | BadRow], pace: Pace, earlier: Earlier
) -> Iterator[list[_Numbered | BadRow]]:
    numbered = (
        row
        if isinstance(row, BadRow)
        else _Numbered(row, 1 if row.external_id else earlier.times(content_key(source, row)))
        for row in rows
    )
    while batch := list(islice(numbered, pace.rows)):
        yield batch


def _message(source: Source, numbered: _Numbered, manner: Manner) -> repeats.Message:
    row = numbered.row
    content = repeats.content_of(row.words, _readings(row, manner))
    return repeats.Message(content_key(source, row, numbered.times), content)


def _readings(row: Said, manner: Manner) -> Mapping[str, Any]:
    return {} if row.rating is None else {manner.rating_kind: row.rating}


def _findings(batch: _Batch, settled: Iterable[Settled]) -> Iterator[Finding]:
    """What is wrong with which row, of those that were taken and those that were not."""
    results = iter(settled)
    for each in batch:
        if isinstance(each, BadRow):
            yield each
            continue
        row, result = each.row, next(results)
        if result.is_known:
            code = "other_words" if result.is_changed else "already_known"
            yield BadRow(row.line, code, excerpt=excerpt(" ".join(row.cells.values())))
        else:
            yield from row.remarks


def _counts(batch: _Batch, settled: Sequence[Settled]) -> Counts:
    known = sum(it.is_known for it in settled)
    return Counts(len(batch), len(settled) - known, known, len(batch) - len(settled))


@transaction.atomic
def _store_batch(
    batch: _Batch, *, run_id: int, manner: Manner, by: User | None, at: datetime
) -> list[Settled]:
    """Store what is new of it; return what became of each of its rows that can be read."""
    run = ImportRun.objects.select_related("source").get(pk=run_id)
    Source.objects.select_for_update(no_key=True).get(pk=run.source_id)
    numbered = [it for it in batch if isinstance(it, _Numbered)]
    settled = repeats.settle(run.source, [_message(run.source, it, manner) for it in numbered])
    new = {
        str(result.key): it.row
        for it, result in zip(numbered, settled, strict=True)
        if not result.is_known
    }
    stored = _store(run, new, manner, at=at)
    counts = _counts(batch, settled).plus(counts_of(run))
    run.rows_read, run.rows_stored, run.rows_known, run.rows_refused = counts
    run.save(update_fields=["rows_read", "rows_stored", "rows_known", "rows_refused"])
    if stored:
        data = {"stored": len(stored), "first": stored[0], "last": stored[-1]}
        ledger.record("feedback.imported", subject=run, by=by, at=at, data=data)
    return settled


def counts_of(run: ImportRun) -> Counts:
    """What its books say."""
    return Counts(run.rows_read, run.rows_stored, run.rows_known, run.rows_refused)


def _store(run: ImportRun, new: dict[str, Said], manner: Manner, *, at: datetime) -> list[int]:
    """Store the words with who said them and how they rated; return the ids of the feedback."""
    languages = {
        key: manner.language or sources.language_of(run.source, row.words)
        for key, row in new.items()
    }
    people = authors.customers_of(
        new.values(), source=run.source, languages=languages.values(), at=at
    )
    same = {
        "source_id": run.source_id,
        "product_id": run.source.product_id,
        "received_at": at,
        "content_type": "text/csv",
        "import_run_id": run.pk,
    }
    stored = bulk.insert_numbered(
        Feedback,
        [
            same | {"language": languages[key]} | _facts(key, row, people, at)
            for key, row in new.items()
        ],
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
    # A rating alone asks for nothing that could be answered.
    askers = {
        people[row.author]: number for number, row in reversed(by_row) if row.author and row.words
    }
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
