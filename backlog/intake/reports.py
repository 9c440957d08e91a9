"""The rows that were not taken, as a file that their owner can open in a spreadsheet."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from backlog.intake.problems import BadRow
from backlog.rules import formats


def _header() -> tuple[str, ...]:
    return _("line"), _("code"), _("message"), _("beginning of the row")


def reports_in(folder: Path) -> Iterator[tuple[Path, str]]:
    """Reports that were left there, whatever they are called, with what they say."""
    headers = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            headers.add(",".join(_header()))
    for path in sorted(folder.rglob("*.csv")):
        said = path.read_text(encoding="utf-8-sig", errors="replace")
        if said.partition("\n")[0].strip() in headers:
            yield path, said


class Report:
    """The rows that were not taken: counted by reason and, where there is a file for it, listed."""

    def __init__(self, file: TextIO | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self.first: dict[str, BadRow] = {}
        self._file = file
        self._write(*_header())

    def add(self, row: BadRow) -> None:
        self.counts[row.code] += 1
        self.first.setdefault(row.code, row)
        self._write(str(row.line), row.code, row.message, row.excerpt)

    def _write(self, *cells: str) -> None:
        if self._file:
            formats.write_csv(self._file, [cells])
