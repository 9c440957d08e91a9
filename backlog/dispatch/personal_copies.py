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
        for privacy_request in privacy_request_queries.copies_to_mail():
            _send_copy(privacy_request, sender)


def _send_copy(privacy_request: PrivacyRequest, sender: mail.Sender) -> None:
    at = timezone.now()
    address = privacy_request_queries.address_for_copy(privacy_request)
    if address is None:
        privacy_requests.note_attempt(request_id=privacy_request.pk, by=None, at=at)
        return
    try:
        sender.send(personal_copies.message(privacy_request, at=at), to=address)
    except mail.NotSent as failure:
        logger.warning("Copy %s was not sent: %s", privacy_request.pk, type(failure).__name__)
        privacy_requests.note_attempt(request_id=privacy_request.pk, by=None, at=at)
    else:
        privacy_requests.close(
            request_id=privacy_request.pk, status=PrivacyRequest.Status.DONE, by=None, at=at
        )
