"""Reads what came back to the sender's mailbox, and keeps what it says of our messages."""

import sys
from collections import Counter
from pathlib import Path
from typing import Any, BinaryIO, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, InterfaceError
from django.utils import timezone
from django.utils.translation import gettext as _

from backlog import errors
from backlog.auth import origins
from backlog.delivery import rendering
from backlog.intake import bounces
from backlog.operations import bounces as bounce_operations
from backlog.queries import notices
from backlog.rules.origins import MAIL

TRY_AGAIN: Final = 75
"""EX_TEMPFAIL of sysexits.h: a mail server keeps the report, and pipes it in again later."""


class Command(BaseCommand):
    help = (
        "Read delivery reports and complaints from a mailbox file (mbox) or a single message. "
        "Says what became of each; what is known already changes nothing. "
        "Ends with 75 if something has to be read again later."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="The file, or - for what is piped in.")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        with origins.acting(MAIL, process="read_bounces"):
            self._handle(file)

    def _handle(self, file: str) -> None:
        try:
            if file == "-":
                self._read(sys.stdin.buffer)
                return
            with Path(file).open("rb") as opened:
                self._read(opened)
        except OSError as error:
            raise CommandError(str(error)) from error
        except (DatabaseError, InterfaceError) as error:
            told = _("The database does not answer: read it again later. %(error)s")
            reason = " ".join(str(error).split())
            raise CommandError(told % {"error": reason}, returncode=TRY_AGAIN) from error

    def _read(self, file: BinaryIO) -> None:
        counted, unfinished = Counter[str](), list[int]()
        for number, report in bounces.read(file):
            try:
                became = self._keep(report)
            except errors.BeingSent:
                unfinished.append(number)
                continue
            counted[became] += 1
            self.stdout.write(f"{number}: {became}")
        for became, count in counted.most_common():
            self.stdout.write(self.style.SUCCESS(f"{count} × {became}"))
        if unfinished:
            told = _("Being sent right now, read it again later: %(numbers)s")
            numbers = ", ".join(map(str, unfinished))
            raise CommandError(told % {"numbers": numbers}, returncode=TRY_AGAIN)

    def _keep(self, report: bounces.Report | None) -> str:
        """What became of it, in words."""
        if report is None:
            return _("no report")
        if not report.kind:
            return _("nothing has come of it yet")
        notice = notices.notice_among(report.clues)
        if notice is None:
            return _("not about a message of ours")
        report_data = {"kind": report.kind, "detail": report.detail, "recipient": report.recipient}
        is_new = bounce_operations.record_report(
            message_id=rendering.message_id(notice),
            happened_at=report.happened_at,
            by=None,
            at=timezone.now(),
            **report_data,
        )
        kind, _judged_as = bounce_operations.check_kind(notice, **report_data)
        return str(kind.label) if is_new else _("known already")
