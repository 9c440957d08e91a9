"""Tells people where the copy of their data is that they asked for."""

import logging

from django.utils import timezone

from backlog.delivery import mail, personal_copies
from backlog.models import PrivacyRequest
from backlog.operations import privacy_requests
from backlog.queries import privacy_requests as privacy_request_queries

logger = logging.getLogger(__name__)


def send_copies() -> None:
    """Send each person the address of their copy; the request is closed when the mail has left."""
    with mail.Sender() as sender:
        for wish in privacy_request_queries.copies_to_mail():
            _send_copy(wish, sender)


def _send_copy(wish: PrivacyRequest, sender: mail.Sender) -> None:
    at = timezone.now()
    address = privacy_request_queries.address_for_copy(wish)
    if address is None:
        privacy_requests.note_attempt(request_id=wish.pk, by=None, at=at)
        return
    try:
        sender.send(personal_copies.letter(wish, at=at), to=address)
    except mail.NotSent as failure:
        logger.warning("Copy %s was not sent: %s", wish.pk, type(failure).__name__)
        privacy_requests.note_attempt(request_id=wish.pk, by=None, at=at)
    else:
        privacy_requests.close(
            request_id=wish.pk, status=PrivacyRequest.Status.DONE, by=None, at=at
        )
