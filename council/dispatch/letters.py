"""Sends the letters that colleagues are owed, and records what became of each."""

import logging
from collections.abc import Callable
from datetime import datetime

from backlog.delivery import mail
from backlog.errors import Unwritable
from council.dispatch import letter_texts
from council.models import Letter
from council.operations import letters
from council.queries import ledger_seals

logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]


def send_letters(*, now: Clock) -> int:
    """Send what is due until nothing is left or there is no server; how many left."""
    sent = 0
    with mail.Sender() as sender:
        while claimed := letters.claim(by=None, at=now()):
            for place, letter in enumerate(claimed, start=1):
                try:
                    sent += _send(letter, sender, now)
                except mail.Unreachable as failure:
                    logger.warning("No letter can be sent: %s", failure)
                    letters.put_back(untried=claimed[place:], by=None, at=now())
                    return sent
    return sent


def _send(letter: Letter, sender: mail.Sender, now: Clock) -> bool:
    """With the head of the ledger as it is now. What is refused is on record, and tried again."""
    head = ledger_seals.head()
    try:
        message = letter_texts.message(letter, head, at=now())
        sender.send(message, to=letter.user.email)
    except (mail.NotSent, Unwritable) as failure:
        is_permanent = isinstance(failure, mail.NotSent) and failure.is_permanent
        letters.record_failure(
            letter=letter, failure=str(failure), is_permanent=is_permanent, by=None, at=now()
        )
        if isinstance(failure, mail.Unreachable):
            raise
        return False
    letters.record_sent(letter=letter, anchor=head, by=None, at=now())
    return True
