"""Reads what came back to the sender's mailbox, and keeps what it says of our messages."""

from collections import Counter
from typing import BinaryIO

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from backlog import errors
from backlog.delivery import rendering
from backlog.intake import bounces
from backlog.management.mailbox_command import TRY_AGAIN, MailboxCommand
from backlog.operations import bounces as bounce_operations
from backlog.queries import notices


class Command(MailboxCommand):
    help = (
        "Read delivery reports and complaints from a mailbox file (mbox) or a single message. "
        "Says what became of each; what is known already changes nothing. "
        "Ends with 75 if something has to be read again later."
    )

    process = "read_bounces"

    def read(self, file: BinaryIO) -> None:
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
