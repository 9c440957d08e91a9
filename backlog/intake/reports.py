"""What is wrong with rows, as a file that their owner can open in a spreadsheet."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from backlog.intake.problems import BadRow, Finding
from backlog.rules import formats


def _header() -> tuple[str, ...]:
    return _("line"), _("code"), _("message"), _("beginning of the row"), _("stored")


def reports_in(folder: Path) -> Iterator[tuple[Path, str]]:
    """Reports that were left there, whatever they are called, with what they say."""
    headers = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            headers.add(",".join(_header()))
    for path in sorted(folder.rglob("*.csv")):
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        if text.partition("\n")[0].strip() in headers:
            yield path, text


class Report:
    """The rows with something wrong: counted by what it is and, where there is a file, listed."""

    def __init__(self, file: TextIO | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self.remarks: Counter[str] = Counter()
        self.first: dict[str, Finding] = {}
        self._file = file
        self._write(*_header())

    def add(self, finding: Finding) -> None:
        is_refused = isinstance(finding, BadRow)
        (self.counts if is_refused else self.remarks)[finding.code] += 1
        self.first.setdefault(finding.code, finding)
        stored = _("no") if is_refused else _("yes")
        self._write(str(finding.line), finding.code, finding.message, finding.excerpt, stored)

    def _write(self, *cells: str) -> None:
        if self._file:
            formats.write_csv(self._file, [cells])
