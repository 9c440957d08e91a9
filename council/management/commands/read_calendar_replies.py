"""Reads what calendars replied to invitations, from the sender's mailbox."""

import sys
from collections import Counter
from pathlib import Path
from typing import Any, BinaryIO, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, InterfaceError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backlog.auth import origins
from backlog.rules.origins import MAIL
from council.delivery import calendars
from council.intake import calendar_replies
from council.intake.calendar_replies import Reply, Unreadable
from council.operations import calendar_replies as operations
from council.operations.calendar_replies import Became

TRY_AGAIN: Final = 75
"""EX_TEMPFAIL of sysexits.h: a mail server keeps the message, and pipes it in again later."""
SAID: Final = {
    Became.TAKEN: gettext_lazy("taken"),
    Became.KNOWN: gettext_lazy("known already"),
    Became.NOT_OURS: gettext_lazy("not about a meeting of ours"),
    Became.STRANGER: gettext_lazy("from somebody who is not asked to this meeting"),
    Became.FORGED: gettext_lazy("sent from another address than it answers for"),
    Became.UNDECIDED: gettext_lazy("says neither yes nor no"),
    Became.OTHER_TIME: gettext_lazy("about a time that the meeting does not have any more"),
    Became.OVER: gettext_lazy("the meeting is over"),
    Became.NOT_ASKED: gettext_lazy("they are not asked any more"),
    Became.NO_ALTERNATE: gettext_lazy("there is no alternate"),
}


class Command(BaseCommand):
    help = (
        "Read calendar replies from a mailbox file (mbox) or a single message. "
        "Says what became of each; what is known already changes nothing. "
        "Ends with 75 if the database does not answer and it has to be read again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="The file, or - for what is piped in.")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        with origins.acting(MAIL, process="read_calendar_replies"):
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
        counted = Counter[str]()
        for number, found in calendar_replies.messages(file):
            became = self._take(found)
            counted[became] += 1
            self.stdout.write(f"{number}: {became}")
        for became, count in counted.most_common():
            self.stdout.write(self.style.SUCCESS(f"{count} × {became}"))

    def _take(self, found: Reply | Unreadable | None) -> str:
        """What became of it, in words."""
        if found is None:
            return _("no calendar in it")
        if isinstance(found, Unreadable):
            return str(found)
        became = operations.take_reply(
            reply=found, meeting_id=calendars.meeting_of(found.uid), by=None, at=timezone.now()
        )
        return str(SAID[became])
