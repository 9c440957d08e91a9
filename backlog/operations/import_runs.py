"""Importing what customers said from a file: batch by batch, each row once.

A run that dies leaves whole batches; importing the same file again stores the rest. A batch locks
its source first, so that two imports into it take turns.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, Final, NamedTuple

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from backlog import errors
from backlog.db import bulk
from backlog.db.fields import size
from backlog.errors import ErasedOnRequest
from backlog.intake.problems import BadRow, Finding, Remark
from backlog.intake.records import excerpt
from backlog.intake.rows import Said
from backlog.models import ImportRun, Source, User
from backlog.operations import customers_in_bulk, events, feedback, feedback_in_bulk
from backlog.operations.customers_in_bulk import Author, CustomerIdentifier, NewCustomer
from backlog.operations.feedback_in_bulk import OTHER_WORDS, Draft, Stored
from backlog.queries import repeats
from backlog.queries import repeats as repeat_queries
from backlog.queries import sources as source_queries
from backlog.queries.repeats import Earlier
from backlog.rules import bounds


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

    @classmethod
    def of(cls, run: ImportRun) -> "Counts":
        """What the books of the run say."""
        return cls(run.rows_read, run.rows_stored, run.rows_known, run.rows_refused)

    def plus(self, other: "Counts") -> "Counts":
        return Counts(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


_RUNNING: Final = ImportRun.Status.RUNNING
_COUNTS: Final = ("rows_read", "rows_stored", "rows_known", "rows_refused")


class _Numbered(NamedTuple):
    """A row, and how often the file has said the same where it has no number."""

    row: Said
    times: int


_Batch = Sequence[_Numbered | BadRow]


class _Became(NamedTuple):
    """What became of a row that can be read, or would."""

    is_stored: bool
    notes: Sequence[str] = ()
    """The codes of what must be said of it."""


@transaction.atomic
def start_import(*, source: Source, file_name: str, by: User | None, at: datetime) -> ImportRun:
    """Open the books of an import. Refused if the source is switched off.

    Those of earlier imports whose process is gone are closed.
    """
    check_open(source)
    close_abandoned(by=None, at=at)
    run = ImportRun.objects.create(
        source=source, file_name=file_name[-255:], started_by=by, started_at=at
    )
    events.record("import.started", subject=run, by=by, at=at, data={"source": source.pk})
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
        for batch in _batches(source, rows, pace, earlier, at=at):
            store = partial(_store_batch, run_id=run_id, manner=manner, by=by, at=at)
            became = bulk.despite_races(store, batch)
            yield from _findings(batch, became)
            pace.rest()


def check_rows(
    *, source: Source, rows: Iterable[Said | BadRow], manner: Manner, at: datetime
) -> Iterator[tuple[Counts, list[Finding]]]:
    """What `store_rows` would do with each batch, and what is wrong with its rows.

    It writes nothing and locks nothing, not even for a moment.
    """
    check_open(source)
    with Earlier() as earlier:
        for batch in _batches(source, rows, Pace(manner.batch_size), earlier, at=at):
            became = _try_batch(batch, source, manner, earlier, at=at)
            yield _counts(batch, became), list(_findings(batch, became))


def _try_batch(
    batch: _Batch, source: Source, manner: Manner, earlier: Earlier, *, at: datetime
) -> list[_Became]:
    drafts = _drafts(source, batch, manner, at=at)
    gone = feedback_in_bulk.check_forgotten(drafts)
    kept = {place: it.message for place, it in enumerate(drafts) if place not in gone}
    settled = dict(zip(kept, repeats.settle(source, [*kept.values()], earlier.stored), strict=True))
    earlier.keep(
        {it.key: kept[place].content for place, it in settled.items() if it.key and it.is_new}
    )
    return [_would_become(settled.get(place)) for place in range(len(drafts))]


def _would_become(settled: repeats.Settled | None) -> _Became:
    if settled is None or settled.is_forgotten:
        return _Became(is_stored=False, notes=_ERASED)
    return _Became(is_stored=True) if settled.is_new else _known(is_changed=settled.is_changed)


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
        events.record(f"import.{status}", subject=run, by=by, at=at)
    return run


def close_abandoned(*, by: User | None, at: datetime) -> int:
    """Close the books of imports whose process ended without closing them; how many there were.

    Whole batches of them are stored: importing the same file again stores the rest.
    """
    ids = list(ImportRun.objects.abandoned(at=at).order_by("pk").values_list("pk", flat=True))
    for run_id in ids:
        finish_import(run_id=run_id, status=ImportRun.Status.FAILED, by=by, at=at)
    return len(ids)


def _batches(
    source: Source,
    rows: Iterable[Said | BadRow],
    pace: Pace,
    earlier: Earlier,
    *,
    at: datetime,
) -> Iterator[list[_Numbered | BadRow]]:
    fitting = (_fitting(row, at) for row in rows)
    numbered = (
        row
        if isinstance(row, BadRow)
        else _Numbered(
            row, 1 if row.external_id else earlier.times(repeat_queries.content_key(source, row))
        )
        for row in fitting
    )
    while batch := list(islice(numbered, pace.rows)):
        yield batch


def _fitting(row: Said | BadRow, at: datetime) -> Said | BadRow:
    """The row, if the columns can hold it; or what is wrong with it."""
    if isinstance(row, BadRow) or (fault := _fault(row, at)) is None:
        return row
    return BadRow(row.line, *fault, excerpt=_beginning(row))


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


def _beginning(row: Said) -> str:
    return excerpt(" ".join(row.cells.values()))


_ERASED = ("erased_on_request",)


def _known(*, is_changed: bool) -> _Became:
    return _Became(is_stored=False, notes=(OTHER_WORDS if is_changed else "already_known",))


def _became(result: Stored | ErasedOnRequest) -> _Became:
    if isinstance(result, ErasedOnRequest):
        return _Became(is_stored=False, notes=_ERASED)
    if not result.is_new:
        return _known(is_changed=OTHER_WORDS in result.notes)
    return _Became(is_stored=True, notes=result.notes)


def _findings(batch: _Batch, became: Iterable[_Became]) -> Iterator[Finding]:
    """What is wrong with which row, of those that were taken and those that were not."""
    results = iter(became)
    for each in batch:
        if isinstance(each, BadRow):
            yield each
            continue
        row, result = each.row, next(results)
        if result.is_stored:
            yield from row.remarks
            yield from (Remark(row.line, code, excerpt=_beginning(row)) for code in result.notes)
        else:
            # Of the forgotten the report, which is a file like any other, lists nothing again.
            shown = "" if result.notes == _ERASED else _beginning(row)
            yield from (BadRow(row.line, code, excerpt=shown) for code in result.notes)


def _counts(batch: _Batch, became: Sequence[_Became]) -> Counts:
    stored = sum(it.is_stored for it in became)
    erased = sum(it.notes == _ERASED for it in became)
    refused = len(batch) - len(became) + erased
    return Counts(len(batch), stored, len(became) - stored - erased, refused)


@transaction.atomic
def _store_batch(
    batch: _Batch, *, run_id: int, manner: Manner, by: User | None, at: datetime
) -> list[_Became]:
    """Store what is new of it; return what became of each of its rows that can be read."""
    run = ImportRun.objects.select_related("source").get(pk=run_id)
    Source.objects.select_for_update(no_key=True).get(pk=run.source_id)
    # Locked, so that nobody closes the books over this batch.
    if ImportRun.objects.select_for_update(no_key=True).get(pk=run_id).status != _RUNNING:
        raise errors.ImportClosed(
            _("This import was taken for dead and closed. Import the same file again.")
        )
    drafts = _drafts(run.source, batch, manner, at=at, run=run)
    stored = feedback_in_bulk.store(drafts, by=by, at=at)
    became = [_became(each) for each in stored]
    counts = _counts(batch, became).plus(Counts.of(run))
    run.rows_read, run.rows_stored, run.rows_known, run.rows_refused = counts
    run.heard_of_at = Now()
    run.save(update_fields=[*_COUNTS, "heard_of_at"])
    new = [each.id for each in stored if isinstance(each, Stored) and each.is_new]
    if new:
        data = {"stored": len(new), "first": new[0], "last": new[-1]}
        events.record("feedback.imported", subject=run, by=by, at=at, data=data)
    return became


def _drafts(
    source: Source, batch: _Batch, manner: Manner, *, at: datetime, run: ImportRun | None = None
) -> list[Draft]:
    same = {
        "source_id": source.pk,
        "product_id": source.product_id,
        "received_at": at,
        "content_type": "text/csv",
        "import_run_id": run.pk if run else None,
    }
    return [
        Draft(
            source=source,
            row=same | _values(source, each, language, at),
            author=_author(source, each.row, language),
            readings={} if each.row.rating is None else {manner.rating_kind: each.row.rating},
        )
        for each in batch
        if isinstance(each, _Numbered)
        for language in [_language(source, each.row, manner)]
    ]


def _language(source: Source, row: Said, manner: Manner) -> str:
    return manner.language or source_queries.language_of(source, row.words)


def _author(source: Source, row: Said, language: str) -> Author | None:
    if not row.author and not row.email:
        return None
    new_customer = NewCustomer(row.author_name, language, account_name=row.account)
    return Author(
        source.pk,
        customers_in_bulk.check_identifier(CustomerIdentifier(row.author, row.email)),
        new_customer,
    )


def _values(source: Source, each: _Numbered, language: str, at: datetime) -> dict[str, Any]:
    row = each.row
    return {
        "customer_id": None,
        "external_id": row.external_id,
        "dedupe_key": repeat_queries.content_key(source, row, each.times),
        "verbatim": row.words,
        "language": language,
        "said_at": row.said_at or at,
        "payload": row.cells,
    }
