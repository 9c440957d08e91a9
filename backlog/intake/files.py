"""Reading a table from a CSV or TSV file of any encoding and dialect, in constant memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, TextIO

from django.utils.translation import gettext as _

from backlog.errors import TableError
from backlog.intake import columns, dialects, encodings, kinds, layouts
from backlog.intake.layouts import Layout
from backlog.intake.problems import BadRow
from backlog.intake.records import Dialect, Lines, Record, excerpt, read_records

_SAMPLE = 1 << 18


class Row(NamedTuple):
    """One record: the physical line on which it starts, and its cells by column, verbatim."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """What somebody who knows the file says of it; the rest is found out.

    `skip_rows` lines before the header are passed over, and `skip_after_header` rows behind it. A
    file that has no header gets the names of its `columns`.
    """

    encoding: str = ""
    delimiter: str | None = None
    skip_rows: int = 0
    skip_after_header: int = 0
    columns: tuple[str, ...] = ()


@dataclass
class Table:
    """A file understood as a table. Each iteration reads the file anew, from its first row.

    Each record comes out once, whatever is in it: as a `Row`, or as a `BadRow` that says why not.
    """

    path: Path
    encoding: str
    dialect: Dialect
    layout: Layout
    columns: list[str]
    has_header: bool = True
    _file: BinaryIO | None = field(default=None, repr=False)

    def __iter__(self) -> Iterator[Row | BadRow]:
        with self.path.open("rb") as self._file, _as_text(self._file, self.encoding) as text:
            lines = Lines(text, skip=self.layout.above)
            width = len(self.columns)
            records = read_records(lines, self.dialect, encoding=self.encoding, width=width)
            for record in islice(records, self.has_header + self.layout.below, None):
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


_AS_IT_IS: Final = Format()


def open_table(path: Path, format: Format = _AS_IT_IS) -> Table:  # noqa: A002 -- what else
    """Look at a file and say how to read it; what is not given is found out from the file."""
    with path.open("rb") as file:
        kinds.check(file.read(kinds.ENOUGH))
    encoding = encodings.check(format.encoding) if format.encoding else encodings.detect(path)
    above = format.skip_rows
    sample = _sample(path, encoding, above)
    if not sample.strip("\ufeff\r\n\t "):
        raise TableError(_("The file is empty."), code="empty_file")
    delimiter = format.delimiter
    declared = dialects.declared_in(sample.splitlines()[0])
    if declared:
        delimiter, above = delimiter or declared, above + 1
        sample = _sample(path, encoding, above)
    dialect = dialects.detect(sample, delimiter=delimiter)
    with path.open("rb") as file, _as_text(file, encoding) as text:
        lines = Lines(text, skip=above)
        records = read_records(lines, dialect, encoding=encoding)
        header = [] if format.columns else _header_cells(next(records, None), lines, dialect)
        following = [[] if isinstance(it, BadRow) else it.cells for it in islice(records, 2)]
    layout = layouts.recognise([header, *following])
    return Table(
        path=path,
        encoding=encoding,
        dialect=dialect,
        layout=Layout(above, format.skip_after_header or layout.below, layout.tool),
        columns=columns.name_columns(format.columns or header),
        has_header=not format.columns,
    )


def _sample(path: Path, encoding: str, above: int) -> str:
    """The beginning of the file, from the line on that comes after so many."""
    with path.open("rb") as file, _as_text(file, encoding) as text:
        for _line in range(above):
            text.readline()
        return text.read(_SAMPLE)


class _Composing(TextIOWrapper):
    """Composes what EUC-KR spells out."""

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
        return encodings.compose(super().readline(size))

    def read(self, size: int | None = -1, /) -> str:
        return encodings.compose(super().read(size))


def _as_text(file: BinaryIO, encoding: str) -> TextIO:
    reader = _Composing if encoding == "cp949" else TextIOWrapper
    return reader(file, encoding=encoding, errors=encodings.MARK_UNDECODABLE, newline="")


def _header_cells(header: Record | BadRow | None, lines: Lines, dialect: Dialect) -> list[str]:
    if header is None:
        raise TableError(_("The file is empty."), code="empty_file")
    if isinstance(header, Record):
        return header.cells
    # What was kept of a line over the limit is enough to count its columns.
    if lines.taken[0].count(dialect.delimiter) >= columns.MAX_COLUMNS:
        raise columns.too_many_columns()
    message = _("The header cannot be read: %(why)s") % {"why": header.message}
    raise TableError(message, code="unreadable_header")
