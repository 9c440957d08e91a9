"""Sends the reminders that are due, one after the other, and records each."""

import logging
from collections.abc import Callable
from datetime import datetime

from backlog.delivery import mail
from council.delivery import reminders as letters
from council.operations import reminders
from council.queries import reminders as reminder_queries

logger = logging.getLogger(__name__)


def send_reminders(*, now: Callable[[], datetime]) -> int:
    """Until none is due, or no server can be reached; how many left."""
    count = 0
    with mail.Sender() as sender:
        while reminder := reminders.claim_reminder(by=None, at=now()):
            unread = reminder_queries.unread_of(reminder) if reminder.meeting else 0
            try:
                message = letters.message(reminder, unread=unread, at=now())
                sender.send(message, to=reminder.user.email)
            except mail.NotSent as failure:
                logger.warning("Reminder %s was not sent: %s", reminder.pk, failure)
                reminders.record_failure(
                    reminder_id=reminder.pk,
                    is_permanent=failure.is_permanent,
                    by=None,
                    at=now(),
                )
                if isinstance(failure, mail.Unreachable):
                    return count
            else:
                reminders.record_sent(reminder_id=reminder.pk, by=None, at=now())
                count += 1
    return count
