"""Reads what came back to the sender's mailbox, and keeps what it says of our messages."""

import sys
from collections import Counter
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from backlog import errors
from backlog.intake import bounces
from backlog.operations import obligations, reports


class Command(BaseCommand):
    help = (
        "Read delivery reports and complaints from a mailbox file (mbox) or a single message. "
        "Says what became of each; what is known already changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="The file, or - for what is piped in.")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        if file == "-":
            self._read(sys.stdin.buffer)
            return
        try:
            with Path(file).open("rb") as opened:
                self._read(opened)
        except OSError as error:
            raise CommandError(str(error)) from error

    def _read(self, file: BinaryIO) -> None:
        counted = Counter[str]()
        for number, report in bounces.read(file):
            became = self._keep(report)
            counted[became] += 1
            self.stdout.write(f"{number}: {became}")
        for became, count in counted.most_common():
            self.stdout.write(self.style.SUCCESS(f"{count} × {became}"))

    def _keep(self, report: bounces.Report | None) -> str:
        """What became of it, in words."""
        if report is None:
            return _("no report")
        if not report.kind:
            return _("nothing has come of it yet")
        try:
            is_new = reports.record_report(
                message_id=report.message_id,
                kind=report.kind,
                detail=report.detail,
                happened_at=report.happened_at,
                by=None,
                at=timezone.now(),
            )
        except errors.Invalid:
            return _("not about a message of ours")
        except obligations.BeingSent:
            return _("being sent right now: read it again later")
        return str(reports.Kind(report.kind).label) if is_new else _("known already")
