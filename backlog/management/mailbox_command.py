"""What the commands share that read the sender's mailbox."""

import sys
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, InterfaceError
from django.utils.translation import gettext as _

from backlog.auth import origins
from backlog.rules.origins import MAIL

TRY_AGAIN: Final = 75
"""EX_TEMPFAIL of sysexits.h: a mail server keeps the message, and pipes it in again later."""


class MailboxCommand(BaseCommand):
    """Reads a file, or what is piped in, in the name of the mail; `process` is the command's name.

    Ends with TRY_AGAIN if the database does not answer.
    """

    process: ClassVar[str]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="The file, or - for what is piped in.")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        with origins.acting(MAIL, process=self.process):
            try:
                if file == "-":
                    self.read(sys.stdin.buffer)
                    return
                with Path(file).open("rb") as opened:
                    self.read(opened)
            except OSError as error:
                raise CommandError(str(error)) from error
            except (DatabaseError, InterfaceError) as error:
                told = _("The database does not answer: read it again later. %(error)s")
                reason = " ".join(str(error).split())
                raise CommandError(told % {"error": reason}, returncode=TRY_AGAIN) from error

    def read(self, file: BinaryIO) -> None:
        """Say what became of each message."""
        raise NotImplementedError
