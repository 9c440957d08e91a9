"""What leaves is valid where it arrives: texts as XML can hold them, cells that run as nothing.

Whatever writes XML (a feed, a workbook, a calendar) or CSV passes its texts through here.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMULA_SIGNS = "=+-@−"
_INVISIBLE = ("Cc", "Cf", "Zl", "Zp", "Zs")


def xml(value: Any) -> Any:
    """A text, or the texts in a list or mapping, without the characters that XML 1.0 forbids."""
    match value:
        case str():
            return _NOT_XML.sub("", value)
        case dict():
            return {name: xml(each) for name, each in value.items()}
        case list() | tuple():
            return [xml(each) for each in value]
    return value


def cell(text: str) -> str:
    """The text, marked as one where a spreadsheet would run it as a formula.

    Spreadsheets also take the wide and the small signs of East Asian keyboards for theirs, and look
    for them behind what nobody sees.
    """
    seen = text.lstrip()
    while seen and unicodedata.category(seen[0]) in _INVISIBLE:
        seen = seen[1:]
    is_formula = bool(seen) and unicodedata.normalize("NFKC", seen[0])[0] in _FORMULA_SIGNS
    begins_unseen = bool(text) and unicodedata.category(text[0]) == "Cc"
    return f"'{text}" if is_formula or begins_unseen else text


class Writable(Protocol):
    def write(self, text: str, /) -> Any: ...


class _Line:
    """A file that hands on each line as it comes."""

    def write(self, text: str) -> str:
        return text


def csv_lines(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Lines of CSV, one at a time, as a long answer sends them."""
    writer = csv.writer(_Line())
    for row in rows:
        yield writer.writerow([cell(each) for each in row])


def write_csv(file: Writable, rows: Iterable[Iterable[str]]) -> None:
    """Append rows to a file of CSV."""
    csv.writer(file).writerows([cell(each) for each in row] for row in rows)
