"""Finding out how the cells of a table are separated."""

import csv
import io
import re
from itertools import islice, product

from django.utils.translation import gettext as _

from backlog.errors import TableError
from backlog.intake.problems import BadRow
from backlog.intake.records import Dialect, Lines, read_records

_DELIMITERS = (",", ";", "\t", "|")
_RECORDS = 500
_SAID = re.compile(r"sep=([^\r\n\"\\])", re.IGNORECASE)


def detect(sample: str, *, delimiter: str | None = None) -> Dialect:
    """The dialect in which most records of the sample are as wide as its first one, and wide.

    Escaping by backslash is believed in only where it makes more records fit.
    """
    delimiters = _DELIMITERS if delimiter is None else (check(delimiter),)
    escapes = (None, "\\") if "\\" in sample else (None,)
    candidates = [Dialect(*pair) for pair in product(delimiters, escapes)]
    return max(candidates, key=lambda candidate: _fit(sample, candidate))


def check(delimiter: str) -> str:
    """A delimiter that a person asked for, who may have written a tab as a shell lets them."""
    delimiter = {"\\t": "\t", "tab": "\t"}.get(delimiter, delimiter)
    try:
        csv.reader([], delimiter=delimiter)
    except (TypeError, ValueError):
        usable = False
    else:
        usable = delimiter not in '\r\n"\\'
    if not usable:
        message = _("“%(name)s” cannot separate cells; give one character.") % {"name": delimiter}
        raise TableError(message, code="unknown_delimiter")
    return delimiter


def declared_in(line: str) -> str | None:
    """The delimiter that a first line such as `sep=;` says, which Excel writes and reads."""
    match = _SAID.fullmatch(line.lstrip("\ufeff").strip(' \r\n"'))
    return match[1] if match else None


def _fit(sample: str, dialect: Dialect) -> tuple[float, float]:
    """Better the more records are as wide as the first, and the more columns that makes.

    Where no delimiter makes columns, the best is one that cuts no record.
    """
    lines = Lines(io.StringIO(sample, newline=""))
    records = list(islice(read_records(lines, dialect, encoding="utf-8"), _RECORDS))
    if not records or isinstance(records[0], BadRow):
        return 0, 0
    width = len(records[0].cells)
    fitting = sum(not isinstance(it, BadRow) and len(it.cells) == width for it in records)
    share = fitting / len(records)
    return share**2 * (1 - 1 / width), share
