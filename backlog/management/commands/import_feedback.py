"""Read customers' words and ratings from a CSV file into a source."""

import difflib
import signal
import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import tzinfo
from pathlib import Path
from typing import Any, Final, NoReturn
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from backlog.errors import Refusal, TableError
from backlog.intake import dates, files, rows, understood
from backlog.intake.files import Format, Row, Table
from backlog.intake.problems import BadRow
from backlog.intake.reports import Report
from backlog.models import ImportRun, Language, Source
from backlog.operations import import_runs
from backlog.operations.import_runs import Counts
from backlog.rules import time_zones

INTERRUPTED = 130
MAX_BATCH = 10_000
OPTIONAL_COLUMNS = (
    *("text", "rating", "author", "email", "author_name", "account", "external_id", "date"),
)
PAUSE: Final = 0.1


class Command(BaseCommand):
    help = "Import customers' words from a CSV file; what is stored already is not stored again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, metavar="KEY", help="where it comes from")
        for name in OPTIONAL_COLUMNS:
            option = f"--{name.replace('_', '-')}"
            parser.add_argument(option, default="", metavar="COLUMN")
        parser.add_argument("--rating-kind", choices=list(rows.SCALES), default="stars")
        parser.add_argument("--date-order", choices=dates.ORDERS, help="if the file cannot tell")
        parser.add_argument("--zone", help="of times without an offset, as in Europe/Paris")
        parser.add_argument("--language", help="of the words; the source's or each row's own")
        parser.add_argument("--encoding", default="", help="found out unless given")
        parser.add_argument("--delimiter", help="found out unless given")
        parser.add_argument(
            "--skip-rows", type=int, default=0, metavar="N", help="before the header"
        )
        parser.add_argument("--skip-after-header", type=int, default=0, metavar="N")
        parser.add_argument("--columns", help="names of a file without a header, with commas")
        parser.add_argument(
            "--missing", action="append", default=[], metavar="MARK", help="also means empty"
        )
        parser.add_argument("--batch", type=int, default=1_000, metavar="ROWS")
        parser.add_argument("--report", type=Path, metavar="FILE", help="list what is wrong")
        parser.add_argument("--dry-run", action="store_true", help="store nothing, only say it")

    def handle(self, *args: Any, **options: Any) -> None:
        _check(options)
        try:
            with _stoppable():
                self._handle(options)
        except (Refusal, OSError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError(_("Stopped. Nothing was stored."), returncode=INTERRUPTED) from None

    def _handle(self, options: dict[str, Any]) -> None:
        source = _source(options["source"])
        import_runs.check_open(source)
        given = _format(options)
        table = files.open_table(options["file"], given)
        reader = _reader(table, options)
        manner = import_runs.Manner(
            language=options["language"] or source.language,
            rating_kind=reader.rating_kind,
            batch_size=options["batch"],
        )
        zone_from = _zone_from(reader.mapping, options["zone"])
        for line in understood.lines(table, given, reader, zone_from=zone_from):
            self.stdout.write(line)
        self.stdout.write(_language_line(options, source))
        with _report(options["report"]) as report:
            work = self._try if options["dry_run"] else self._import
            work(source, table, reader, manner, report)

    def _try(
        self,
        source: Source,
        table: Table,
        reader: rows.Reader,
        manner: import_runs.Manner,
        report: Report,
    ) -> None:
        """Say what an import would do. Nothing is written, so nobody waits."""
        counts, is_stopped = Counts(), False
        said = reader.read(_watched(table))
        try:
            for more, findings in import_runs.check_rows(
                source=source, rows=said, manner=manner, at=timezone.now()
            ):
                counts = counts.plus(more)
                for finding in findings:
                    report.add(finding)
        except KeyboardInterrupt:
            is_stopped = True
        self._say(counts, report)
        if is_stopped:
            message = _("Stopped. This was a dry run: nothing was to be stored, and nothing was.")
            raise CommandError(message, returncode=INTERRUPTED)
        self.stdout.write(_("This was a dry run: nothing was stored."))

    def _import(
        self,
        source: Source,
        table: Table,
        reader: rows.Reader,
        manner: import_runs.Manner,
        report: Report,
    ) -> None:
        at = timezone.now()
        run = import_runs.start_import(source=source, file_name=table.path.name, by=None, at=at)
        said = reader.read(_watched(table))
        status = ImportRun.Status.FAILED
        try:
            for finding in import_runs.store_rows(
                run_id=run.pk,
                rows=said,
                manner=manner,
                by=None,
                at=at,
                pace=_pace(manner.batch_size),
            ):
                report.add(finding)
            status = ImportRun.Status.FINISHED
        except KeyboardInterrupt:
            pass  # Whole batches are stored, the books say so, and so do we.
        finally:
            run = import_runs.finish_import(
                run_id=run.pk, status=status, by=None, at=timezone.now()
            )
        self._say(import_runs.Counts.of(run), report)
        if run.status == ImportRun.Status.FAILED:
            message = _("Stopped. Import the same file again to store the rest.")
            raise CommandError(message, returncode=INTERRUPTED)

    def _say(self, counts: Counts, report: Report) -> None:
        totals = _("%(read)d rows in = %(stored)d stored + %(known)d known + %(refused)d reported")
        self.stdout.write(totals % counts._asdict())
        for codes in (report.counts, report.remarks):
            for code, count in codes.most_common():
                first = report.first[code]
                detail = _("line %(line)d: %(message)s") % {
                    "line": first.line,
                    "message": first.message,
                }
                kept = _(" – stored without it") if codes is report.remarks else ""
                self.stdout.write(f"{count:>8} {code} ({detail}{kept})")


def _check(options: dict[str, Any]) -> None:
    language, batch = options["language"], options["batch"]
    if not options["text"] and not options["rating"]:
        raise CommandError(_("Say which column holds the words (--text) or the rating (--rating)."))
    if language and language not in Language.values:
        message = _("There is no language “%(name)s”; there are: %(known)s.")
        raise CommandError(message % {"name": language, "known": ", ".join(Language.values)})
    if not 1 <= batch <= MAX_BATCH:
        raise CommandError(_("A batch has 1 to %(most)d rows.") % {"most": MAX_BATCH})
    if min(options["skip_rows"], options["skip_after_header"]) < 0:
        raise CommandError(_("The number of rows to skip is 0 or more."))
    if options["report"] and options["report"].resolve() == options["file"].resolve():
        raise CommandError(_("The report would overwrite the file itself."))


def _format(options: dict[str, Any]) -> Format:
    names = options["columns"]
    return Format(
        encoding=options["encoding"],
        delimiter=options["delimiter"],
        skip_rows=options["skip_rows"],
        skip_after_header=options["skip_after_header"],
        columns=tuple(name.strip() for name in names.split(",")) if names else (),
    )


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
    wanted = {name: options[name] for name in OPTIONAL_COLUMNS}
    mapping = rows.Mapping(**wanted).resolved(table.columns)
    return rows.Reader(
        mapping=mapping,
        zone=_zone(mapping, options["zone"]),
        rating_kind=options["rating_kind"],
        date_order=options["date_order"] or _date_order(table, mapping.date),
        missing=rows.MISSING | set(options["missing"]),
    )


def _zone(mapping: rows.Mapping, wanted: str | None) -> tzinfo:
    """The one that is asked for, else the one in the column's name, else the installation's."""
    if wanted:
        time_zones.check(wanted)
        return ZoneInfo(wanted)
    return dates.zone_said(mapping.date) or timezone.get_default_timezone()


def _zone_from(mapping: rows.Mapping, wanted: str | None) -> str:
    if wanted:
        return _("(as given)")
    if dates.zone_said(mapping.date):
        return _("(as its column says; --zone says otherwise)")
    return _("(the installation's; --zone says otherwise)")


def _date_order(table: Table, column: str) -> dates.Order | None:
    """Decided once for the file; where it cannot be, whoever imports it is asked."""
    if not column:
        return None
    order = dates.detect_order(row.cells[column] for row in table if isinstance(row, Row))
    if isinstance(order, dates.Doubt):
        message = _(
            "“%(date)s” can be read in several ways, and no other date of the file tells which. "
            "Say it with --date-order: %(orders)s."
        )
        params = {"date": order.example, "orders": ", ".join(dates.ORDERS)}
        raise TableError(message % params, code="unclear_dates")
    return order


def _language_line(options: dict[str, Any], source: Source) -> str:
    if options["language"]:
        return _("Language: %(name)s (as given)") % {"name": options["language"]}
    if source.language:
        return _("Language: %(name)s (the source's; --language says otherwise)") % {
            "name": source.language
        }
    return _("Language: each row's own (the source has none; --language says otherwise)")


class Turns(import_runs.Pace):
    """Of SQLite, where one writes at a time: short turns, and a rest in which others get theirs.

    Who waits looks every tenth of a second whether the lock is free. How many rows fit in a turn
    depends on the machine, and on what else it does.
    """

    LONGEST: Final = 0.25
    FEWEST: Final = 10

    def __init__(self, most: int) -> None:
        super().__init__(min(most, 25))
        self._most = most
        self._since = time.monotonic()

    def rest(self) -> None:
        took = time.monotonic() - self._since
        fitting = int(self.rows * min(self.LONGEST / max(took, 0.001), 2))
        self.rows = min(max(fitting, self.FEWEST), self._most)
        time.sleep(PAUSE)
        self._since = time.monotonic()


def _pace(most: int) -> import_runs.Pace:
    return Turns(most) if connection.vendor == "sqlite" else import_runs.Pace(most)


def _watched(table: Table) -> Iterator[Row | BadRow]:
    """The rows of the table; a person at a terminal sees how far it is."""
    size = table.path.stat().st_size
    with tqdm(total=size, unit="B", unit_scale=True, file=sys.stderr, disable=None) as bar:
        for row in table:
            bar.update(table.bytes_read - bar.n)
            yield row


@contextmanager
def _stoppable() -> Iterator[None]:
    """A machine that shuts down asks as a person does who presses Ctrl-C: the books are closed."""
    if threading.current_thread() is not threading.main_thread():
        yield  # Only the main thread is asked.
        return
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(*_signal: object) -> NoReturn:
    raise KeyboardInterrupt


@contextmanager
def _report(path: Path | None) -> Iterator[Report]:
    if path is None:
        yield Report()
    else:
        # With a BOM, or spreadsheets take the Korean in it for something else.
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            yield Report(file)
