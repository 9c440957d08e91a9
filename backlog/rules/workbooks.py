"""Workbooks of Excel (.xlsx), written row by row: what is written already is held in no memory."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from backlog.rules import formats

CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST: Final = 32_767
"""Characters of a cell; Excel refuses a file with more in one."""
_NO_FORMULAS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
    "remove_timezone": True,
}


def write(path: Path, *, title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """One sheet with a head that stays in view.

    Numbers and days are numbers and days; every other value is a text, whatever it begins with.
    """
    with xlsxwriter.Workbook(str(path), dict(_NO_FORMULAS)) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(heads) - 1, 18)
        bold = book.add_format({"bold": True})
        for column, head in enumerate(heads):
            sheet.write_string(0, column, formats.xml(head), bold)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                _put(sheet, number, column, value)


def _put(sheet: Any, row: int, column: int, value: Any) -> None:
    match value:
        case None | "":
            return
        case bool():
            sheet.write_boolean(row, column, value)
        case int() | float() | Decimal():
            sheet.write_number(row, column, float(value))
        case date():  # Moments are dates, too.
            sheet.write_datetime(row, column, value)
        case _:
            sheet.write_string(row, column, formats.xml(str(value))[:LONGEST])


def _sheet_name(title: str) -> str:
    """Excel allows thirty-one characters, and none of these."""
    name = "".join(" " if sign in "[]:*?/\\" else sign for sign in formats.xml(title))
    return name.strip().strip("'")[:31] or "1"
