"""Reading a table from a CSV or TSV file of any encoding and dialect, in constant memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, NamedTuple, TextIO

from django.utils.translation import gettext as _

from backlog.intake import columns, dialects, encodings
from backlog.intake.problems import BadRow, TableError
from backlog.intake.records import Dialect, Lines, Record, excerpt, read_records

_SAMPLE = 1 << 18


class Row(NamedTuple):
    """One record: the physical line on which it starts, and its cells by column, verbatim."""

    line: int
    cells: dict[str, str]


@dataclass
class Table:
    """A file understood as a table. Each iteration reads the file anew, from its first row.

    Each record comes out once, whatever is in it: as a `Row`, or as a `BadRow` that says why not.
    """

    path: Path
    encoding: str
    dialect: Dialect
    columns: list[str]
    _file: BinaryIO | None = field(default=None, repr=False)

    def __iter__(self) -> Iterator[Row | BadRow]:
        with self.path.open("rb") as self._file, _as_text(self._file, self.encoding) as text:
            lines = Lines(text)
            width = len(self.columns)
            records = read_records(lines, self.dialect, encoding=self.encoding, width=width)
            next(records)  # The header.
            for record in records:
                yield record if isinstance(record, BadRow) else self._row(record)

    @property
    def bytes_read(self) -> int:
        """How far the latest iteration has come, for showing progress."""
        return 0 if self._file is None or self._file.closed else self._file.tell()

    def _row(self, record: Record) -> Row | BadRow:
        found, expected = len(record.cells), len(self.columns)
        if found == expected:
            return Row(record.line, dict(zip(self.columns, record.cells, strict=True)))
        if found < expected and record.is_cut:
            return BadRow(record.line, "truncated", excerpt=excerpt(record.text))
        code = "too_few_cells" if found < expected else "too_many_cells"
        params = {"found": found, "expected": expected}
        return BadRow(record.line, code, params, excerpt(record.text))


def open_table(path: Path, *, encoding: str | None = None, delimiter: str | None = None) -> Table:
    """Look at a file and say how to read it; what is not given is found out from the file."""
    encoding = encodings.check(encoding) if encoding else encodings.detect(path)
    with path.open("rb") as file, _as_text(file, encoding) as text:
        sample = text.read(_SAMPLE)
    if not sample.strip("\ufeff\r\n\t "):
        raise TableError(_("The file is empty."), code="empty_file")
    dialect = dialects.detect(sample, delimiter=delimiter)
    with path.open("rb") as file, _as_text(file, encoding) as text:
        lines = Lines(text)
        header = next(read_records(lines, dialect, encoding=encoding))
        names = columns.name_columns(_header_cells(header, lines, dialect))
    return Table(path=path, encoding=encoding, dialect=dialect, columns=names)


def _as_text(file: BinaryIO, encoding: str) -> TextIO:
    return TextIOWrapper(file, encoding=encoding, errors=encodings.MARK_UNDECODABLE, newline="")


def _header_cells(header: Record | BadRow, lines: Lines, dialect: Dialect) -> list[str]:
    if isinstance(header, Record):
        return header.cells
    # What was kept of a line over the limit is enough to count its columns.
    if lines.taken[0].count(dialect.delimiter) >= columns.MAX_COLUMNS:
        raise columns.too_many_columns()
    message = _("The header cannot be read: %(why)s") % {"why": header.message}
    raise TableError(message, code="unreadable_header")
