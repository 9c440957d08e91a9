"""The rows that were not taken, as a file that their owner can open in a spreadsheet."""

from collections import Counter
from typing import TextIO

from django.utils.translation import gettext as _

from backlog.intake.problems import BadRow
from backlog.rules import formats


class Report:
    """The rows that were not taken: counted by reason and, where there is a file for it, listed."""

    def __init__(self, file: TextIO | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self.first: dict[str, BadRow] = {}
        self._file = file
        self._write(_("line"), _("code"), _("message"), _("beginning of the row"))

    def add(self, row: BadRow) -> None:
        self.counts[row.code] += 1
        self.first.setdefault(row.code, row)
        self._write(str(row.line), row.code, row.message, row.excerpt)

    def _write(self, *cells: str) -> None:
        if self._file:
            formats.write_csv(self._file, [cells])
