"""Sends the invitations that are owed, one after the other."""

import logging
from time import monotonic

from django.utils import timezone

from backlog.delivery import mail
from backlog.errors import Unwritable
from council.delivery import invitations as invitation_mail
from council.models import Invitation
from council.operations import invitations
from council.queries import invitations as invitation_queries

logger = logging.getLogger(__name__)
AT_ONCE = 10


def send_invitations(*, until: float) -> None:
    """Send what is due, `until` the monotonic clock says so or nothing is left."""
    while monotonic() < until:
        claimed = invitations.claim(limit=AT_ONCE, by=None, at=timezone.now())
        if not claimed:
            return
        with mail.Sender() as sender:
            for each in claimed:
                _send(each.pk, sender)


def _send(invitation_id: int, sender: mail.Sender) -> None:
    row, at = invitation_queries.to_mail(invitation_id), timezone.now()
    if row.status != Invitation.Status.OWED:
        return
    if row.method == Invitation.Method.REQUEST and row.meeting.starts_at <= at:
        invitations.give_up_late(invitation=row, by=None, at=at)
        return
    if not row.user.is_active:
        invitations.record_failure(invitation=row, is_permanent=True, by=None, at=at)
        return
    try:
        sender.send(invitation_mail.message(row, at=at), to=row.user.email)
    except mail.NotSent as failure:
        logger.warning("Invitation %s was not sent: %s", row.pk, failure)
        is_permanent = failure.is_permanent
        invitations.record_failure(
            invitation=row, is_permanent=is_permanent, by=None, at=timezone.now()
        )
    except Unwritable as failure:
        logger.warning("Invitation %s cannot be written: %s", row.pk, failure)
        invitations.record_failure(invitation=row, is_permanent=True, by=None, at=timezone.now())
    else:
        invitations.record_sent(invitation=row, by=None, at=timezone.now())
