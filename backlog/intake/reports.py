"""What is wrong with rows, as a file that their owner can open in a spreadsheet."""

import csv
from collections import Counter
from typing import TextIO

from django.utils.translation import gettext as _

from backlog.intake.problems import BadRow, Finding

# Spreadsheets run a cell that begins so as a formula, whoever wrote it.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_SIGNS) else cell


class Report:
    """The rows with something wrong: counted by what it is and, where there is a file, listed."""

    def __init__(self, file: TextIO | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self.remarks: Counter[str] = Counter()
        self.first: dict[str, Finding] = {}
        self._writer = csv.writer(file) if file else None
        self._write(_("line"), _("code"), _("message"), _("beginning of the row"), _("stored"))

    def add(self, finding: Finding) -> None:
        is_refused = isinstance(finding, BadRow)
        (self.counts if is_refused else self.remarks)[finding.code] += 1
        self.first.setdefault(finding.code, finding)
        stored = _("no") if is_refused else _("yes")
        self._write(str(finding.line), finding.code, finding.message, finding.excerpt, stored)

    def _write(self, *cells: str) -> None:
        if self._writer:
            self._writer.writerow([harmless(cell) for cell in cells])
