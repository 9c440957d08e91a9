"""Cutting text into records, strictly: what is not clean CSV is reported, never guessed at.

The csv module does the parsing. What it lacks is added here: the line on which a record starts,
a limit to what one record may hold, and a way to go on after a quote that is never closed,
which would otherwise swallow the rest of the file.
"""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, TextIO

from backlog.intake.problems import EXCERPT_LENGTH, BadRow

MAX_LINES = 1_000
MAX_CHARS = 1 << 20


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are separated, and whether quotes inside them are doubled or escaped."""

    delimiter: str = ","
    escapechar: str | None = None


class Record(NamedTuple):
    """The cells of one record and its text; `is_cut` if the file ends without ending the line."""

    line: int
    cells: list[str]
    text: str
    is_cut: bool


class Lines:
    """Physical lines of a stream (LF, CRLF or CR), remembering those of the current record.

    The stream must have been opened with `newline=""`. Of a line over the limit only the beginning
    is kept, so that no line is ever held in memory as a whole. The first `skip` lines are passed
    over, and counted.
    """

    def __init__(self, stream: TextIO, *, skip: int = 0) -> None:
        self._stream = stream
        self._again: deque[str] = deque()
        self._size = 0
        self.number = 0
        self.taken: list[str] = []
        self.has_ended = False
        for _line in range(skip):
            self._read()
            self.number += 1

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        if len(self.taken) >= MAX_LINES:
            raise csv.Error("record has too many lines")
        line = self._again.popleft() if self._again else self._read()
        if not line:
            self.has_ended = True
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        self._size += len(line)
        if self._size > MAX_CHARS:
            raise csv.Error("record is too long")
        return line

    def start_record(self) -> None:
        self.taken = []
        self._size = 0

    def resume_after_first(self) -> None:
        """Read all but the first line of the current record again, as records of their own."""
        rest = self.taken[1:]
        self._again.extendleft(reversed(rest))
        self.number -= len(rest)
        self.has_ended = False

    def _read(self) -> str:
        line = self._stream.readline(MAX_CHARS + 1)
        if self.number == 0:
            line = line.lstrip("\ufeff")
        rest = line
        while len(rest) > MAX_CHARS and not rest.endswith(("\n", "\r")):
            rest = self._stream.readline(MAX_CHARS + 1)
        return line


def read_records(
    lines: Lines, dialect: Dialect, *, encoding: str, width: int = 0
) -> Iterator[Record | BadRow]:
    """Every record or, where there is none to be had, what is wrong. Blank lines are passed over.

    `width` is the number of cells of the header, if known.
    """
    csv.field_size_limit(MAX_CHARS)  # Ours is the stricter limit; theirs is 128 KiB by default.
    reader = csv.reader(
        lines, delimiter=dialect.delimiter, escapechar=dialect.escapechar, strict=True
    )
    while True:
        lines.start_record()
        line = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            code = _why_broken(lines, dialect, width=width)
            params = {"limit": MAX_CHARS} if code == "line_too_long" else {}
            yield BadRow(line, code, params, excerpt(lines.taken[0]))
            if code != "truncated":
                lines.resume_after_first()
        else:
            if cells:
                yield _checked(line, cells, lines.taken, encoding=encoding)


def excerpt(text: str) -> str:
    """The beginning of a row in one line, fit to be stored and shown whatever the row holds."""
    shown = text[:EXCERPT_LENGTH].encode("utf-8", "replace").decode().replace("\0", "?")
    return " ".join(shown.split())


def _checked(line: int, cells: list[str], taken: list[str], *, encoding: str) -> Record | BadRow:
    text = taken[0] if len(taken) == 1 else "".join(taken)
    if "\0" in text:
        return BadRow(line, "nul_byte", excerpt=excerpt(text))
    try:
        text.encode()
    except UnicodeEncodeError as error:  # The mark of an undecodable byte.
        byte = len(text[: error.start].encode(encoding)) - len("".encode(encoding)) + 1
        return BadRow(line, "undecodable", {"byte": byte, "encoding": encoding}, excerpt(text))
    return Record(line, cells, text, not text.endswith(("\n", "\r")))


def _why_broken(lines: Lines, dialect: Dialect, *, width: int) -> str:
    if len(lines.taken[0]) > MAX_CHARS:
        return "line_too_long"
    if lines.has_ended:
        rows_follow = _are_mostly_rows(lines.taken[1:], dialect, width=width)
        return "unclosed_quote" if rows_follow else "truncated"
    return "stray_quote" if len(lines.taken) == 1 else "unclosed_quote"


def _are_mostly_rows(rest: list[str], dialect: Dialect, *, width: int) -> bool:
    """Whether the lines after an open quote are rows of the table, and not the cell's own text."""
    rows = csv.reader(rest, delimiter=dialect.delimiter, escapechar=dialect.escapechar)
    full = sum(len(cells) == width for cells in rows)
    return width > 1 and 2 * full > len(rest)
