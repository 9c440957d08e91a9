"""The rows that were not taken, as a file that their owner can open in a spreadsheet."""

import csv
from collections import Counter
from typing import TextIO

from django.utils.translation import gettext as _

from backlog.intake.problems import BadRow

# Spreadsheets run a cell that begins so as a formula, whoever wrote it.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_SIGNS) else cell


class Report:
    """The rows that were not taken: counted by reason and, where there is a file for it, listed."""

    def __init__(self, file: TextIO | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self.first: dict[str, BadRow] = {}
        self._writer = csv.writer(file) if file else None
        self._write(_("line"), _("code"), _("message"), _("beginning of the row"))

    def add(self, row: BadRow) -> None:
        self.counts[row.code] += 1
        self.first.setdefault(row.code, row)
        self._write(str(row.line), row.code, row.message, row.excerpt)

    def _write(self, *cells: str) -> None:
        if self._writer:
            self._writer.writerow([harmless(cell) for cell in cells])
