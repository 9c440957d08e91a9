"""Read customers' words from a CSV file into a source."""

import difflib
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from backlog.errors import Refusal
from backlog.intake import dates, files, rows
from backlog.intake.files import Row, Table
from backlog.intake.problems import BadRow
from backlog.intake.reports import Report
from backlog.models import ImportRun, Language, Source
from backlog.operations import imports

INTERRUPTED = 130
MAX_BATCH = 10_000
OPTIONAL_COLUMNS = ("author", "email", "author_name", "account", "external_id", "date", "rating")


class Command(BaseCommand):
    help = "Import customers' words from a CSV file; what is stored already is not stored again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, metavar="KEY", help="where it comes from")
        parser.add_argument("--text", required=True, metavar="COLUMN", help="the customers' words")
        for name in OPTIONAL_COLUMNS:
            option = f"--{name.replace('_', '-')}"
            parser.add_argument(option, default="", metavar="COLUMN")
        parser.add_argument("--rating-kind", choices=list(rows.SCALES), default="stars")
        parser.add_argument("--date-order", choices=dates.ORDERS, help="if the file cannot tell")
        parser.add_argument("--language", help="of the words; the source's unless given")
        parser.add_argument("--encoding", help="found out unless given")
        parser.add_argument("--delimiter", help="found out unless given")
        parser.add_argument("--batch", type=int, default=1_000, metavar="ROWS")
        parser.add_argument("--report", type=Path, metavar="FILE", help="list what was not stored")
        parser.add_argument("--dry-run", action="store_true", help="store nothing, only say it")

    def handle(self, *args: Any, **options: Any) -> None:
        _check(options)
        try:
            source = _source(options["source"])
            table = files.open_table(
                options["file"], encoding=options["encoding"], delimiter=options["delimiter"]
            )
            reader = _reader(table, options)
            manner = imports.Manner(
                language=options["language"] or source.language,
                rating_kind=reader.rating_kind,
                batch_size=options["batch"],
            )
            with (
                _report(options["report"]) as report,
                _undone() if options["dry_run"] else nullcontext(),
            ):
                run = self._import(source, table, reader, manner, report)
        except (Refusal, OSError) as error:
            raise CommandError(str(error)) from error
        self._say(run, report, is_dry=options["dry_run"])

    def _import(
        self,
        source: Source,
        table: Table,
        reader: rows.Reader,
        manner: imports.Manner,
        report: Report,
    ) -> ImportRun:
        at = timezone.now()
        run = imports.start_import(source=source, file_name=table.path.name, by=None, at=at)
        said = reader.read(_watched(table))
        status = ImportRun.Status.FAILED
        try:
            for row in imports.store_rows(run_id=run.pk, rows=said, manner=manner, by=None, at=at):
                report.add(row)
            status = ImportRun.Status.FINISHED
        except KeyboardInterrupt:
            pass  # Whole batches are stored, the books say so, and so do we.
        finally:
            run = imports.finish_import(run_id=run.pk, status=status, by=None, at=timezone.now())
        return run

    def _say(self, run: ImportRun, report: Report, *, is_dry: bool) -> None:
        totals = _("%(read)d rows in = %(stored)d stored + %(reported)d reported") % {
            "read": run.rows_read,
            "stored": run.rows_stored,
            "reported": run.rows_known + run.rows_refused,
        }
        self.stdout.write(totals)
        for code, count in report.counts.most_common():
            first = report.first[code]
            detail = _("line %(line)d: %(message)s") % {
                "line": first.line,
                "message": first.message,
            }
            self.stdout.write(f"{count:>8} {code} ({detail})")
        if is_dry:
            self.stdout.write(_("This was a dry run: nothing was stored."))
        if run.status == ImportRun.Status.FAILED:
            message = _("Stopped. Import the same file again to store the rest.")
            raise CommandError(message, returncode=INTERRUPTED)


def _check(options: dict[str, Any]) -> None:
    language, batch = options["language"], options["batch"]
    if language and language not in Language.values:
        message = _("There is no language “%(name)s”; there are: %(known)s.")
        raise CommandError(message % {"name": language, "known": ", ".join(Language.values)})
    if not 1 <= batch <= MAX_BATCH:
        raise CommandError(_("A batch has 1 to %(most)d rows.") % {"most": MAX_BATCH})
    if options["report"] and options["report"].resolve() == options["file"].resolve():
        raise CommandError(_("The report would overwrite the file itself."))


def _source(key: str) -> Source:
    source = Source.objects.filter(key=key).first()
    if source is None:
        keys = sorted(Source.objects.values_list("key", flat=True))
        message = _("There is no source “%(key)s”; there are: %(keys)s.") % {
            "key": key,
            "keys": ", ".join(keys) or "–",
        }
        for close in difflib.get_close_matches(key, keys, n=1):
            message += " " + _("Did you mean “%(name)s”?") % {"name": close}
        raise CommandError(message)
    return source


def _reader(table: Table, options: dict[str, Any]) -> rows.Reader:
    wanted = {name: options[name] for name in ("text", *OPTIONAL_COLUMNS)}
    mapping = rows.Mapping(**wanted).resolved(table.columns)
    order = options["date_order"]
    if mapping.date and order is None:
        order = dates.detect_order(row.cells[mapping.date] for row in table if isinstance(row, Row))
    return rows.Reader(
        mapping=mapping,
        zone=timezone.get_default_timezone(),
        rating_kind=options["rating_kind"],
        date_order=order,
    )


def _watched(table: Table) -> Iterator[Row | BadRow]:
    """The rows of the table; a person at a terminal sees how far it is."""
    size = table.path.stat().st_size
    with tqdm(total=size, unit="B", unit_scale=True, file=sys.stderr, disable=None) as bar:
        for row in table:
            bar.update(table.bytes_read - bar.n)
            yield row


@contextmanager
def _report(path: Path | None) -> Iterator[Report]:
    if path is None:
        yield Report()
    else:
        # With a BOM, or spreadsheets take the Korean in it for something else.
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            yield Report(file)


@contextmanager
def _undone() -> Iterator[None]:
    """Everything really happens, and then has not: so a dry run counts what a real one would."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
