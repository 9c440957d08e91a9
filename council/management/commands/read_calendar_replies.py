"""Reads what calendars replied to invitations, from the sender's mailbox."""

from collections import Counter
from typing import BinaryIO, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backlog.management.mailbox_command import MailboxCommand
from council.delivery import calendars
from council.intake import calendar_replies
from council.intake.calendar_replies import Reply, Unreadable
from council.operations import calendar_replies as operations
from council.operations.calendar_replies import Became

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


class Command(MailboxCommand):
    help = (
        "Read calendar replies from a mailbox file (mbox) or a single message. "
        "Says what became of each; what is known already changes nothing. "
        "Ends with 75 if the database does not answer and it has to be read again."
    )

    process = "read_calendar_replies"

    def read(self, file: BinaryIO) -> None:
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
