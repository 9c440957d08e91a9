"""Sends by a mail provider's API (django-anymail, an optional extra), and reads what it reports."""

import re
from collections.abc import Sequence
from typing import Any, Final

from anymail.exceptions import (
    AnymailAPIError,
    AnymailError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
)
from anymail.signals import AnymailTrackingEvent
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from backlog.delivery.mail import NotSent, Unreachable
from backlog.rules import bounces

METADATA: Final = "hearback_message_id"
"""What we send along and the provider says again: not all of them keep our Message-ID."""
_CONFIGURED_WRONGLY: Final = (401, 402, 403, 404)
_TOO_MANY: Final = 429
# Of an address, and not of the message: “looks like spam” says nothing of who was to read it.
_NO_GOOD: Final = re.compile(
    r"hard.bounce|spam.complaint|\"reject_reason\":\s*\"(?:spam|unsub)\"", re.IGNORECASE
)
_OF_RECIPIENT: Final = "in `to`"
_REFUSED_HEADERS: Final = {"mailjet": ("Message-ID",)}
_REJECTED: Final = {
    **dict.fromkeys(("invalid", "bounced"), "bounced"),
    **dict.fromkeys(("spam", "unsubscribed"), "complained"),
}
_KINDS: Final = {"delivered": "delivered", "complained": "complained", "failed": "returned"}


class ProviderBackend(BaseEmailBackend):
    """The provider's API as an e-mail backend. What it refuses is raised as `mail.NotSent`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._api = get_connection(f"anymail.backends.{settings.EMAIL_PROVIDER}.EmailBackend")

    def open(self) -> bool | None:
        return self._api.open()

    def close(self) -> None:
        self._api.close()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            _prepare(message)
        try:
            return self._api.send_messages(email_messages)
        except AnymailAPIError as error:
            if _is_taken(error):
                return len(email_messages)
            raise _failure(error) from error
        except AnymailError as error:
            raise _failure(error) from error


def _prepare(message: EmailMessage) -> None:
    """Reports know it by metadata. The date is the provider's to write; some refuse ours."""
    message_id = message.extra_headers.get("Message-ID")
    if message_id:
        message.metadata = {METADATA: message_id}  # type: ignore[attr-defined]
    for name in ("Date", *_REFUSED_HEADERS.get(settings.EMAIL_PROVIDER, ())):
        message.extra_headers.pop(name, None)


def _is_taken(error: AnymailAPIError) -> bool:
    """An answer that says yes and cannot be read otherwise: asking again would send it twice."""
    return error.status_code is not None and 200 <= error.status_code < 300


def _failure(error: AnymailError) -> NotSent:
    if isinstance(error, AnymailInvalidAddress):
        return _unreadable(" ".join(str(error).split()))
    if isinstance(error, AnymailRecipientsRefused):
        return _not_taken(error)
    if not isinstance(error, AnymailAPIError):
        return NotSent(" ".join(str(error).split()))
    if error.status_code is None:
        return Unreachable(" ".join(str(error.__cause__ or error).split()))
    failure = f"{error.status_code} {' '.join(error.response.text.split())}"
    status = error.status_code
    is_ours = status >= 500 or status == _TOO_MANY or status in _CONFIGURED_WRONGLY
    return Unreachable(failure) if is_ours else _refused(failure)


def _unreadable(failure: str) -> NotSent:
    """It may as well be our own sender's address that cannot be read."""
    if _OF_RECIPIENT in failure:
        return NotSent("the provider knows no such address", is_permanent=True)
    return _refused(f"the provider refuses our sender: {failure}")


def _not_taken(error: AnymailRecipientsRefused) -> NotSent:
    """An unknown sender is refused in the same way as an address that is known to be no good."""
    failure = f"the provider refuses it: {' '.join(error.response.text.split())}"
    is_invalid = error.email_message.anymail_status.status == {"invalid"}
    if is_invalid or _NO_GOOD.search(failure):
        return NotSent(failure, is_permanent=True)
    return _refused(failure)


def _refused(failure: str) -> NotSent:
    """The provider's own words never end an address: they are about more than mailboxes."""
    meaning = bounces.meaning_of(failure)
    is_clear = meaning not in bounces.ENDS
    return NotSent(failure, meaning=meaning if is_clear else bounces.Meaning.UNCLEAR)


def kind_of(event: AnymailTrackingEvent) -> str:
    """What a report says of its message, in the words of `operations.reports`; else nothing.

    Not every provider tells full mailboxes from those that do not exist: a bounce is believed to be
    for good where the server's words say so. One that rejects a message, or calls the address
    invalid, knows it, unless those words say something else.
    """
    reason, meaning = event.reject_reason, bounces.meaning_of(words_of(event))
    is_known = meaning in (*bounces.ENDS, bounces.Meaning.UNCLEAR)
    if event.event_type == "rejected":
        kind = _REJECTED.get(reason, "returned")
        return kind if is_known or kind != "bounced" else "returned"
    if event.event_type == "bounced":
        is_for_good = reason == "invalid" and is_known
        is_for_good |= reason == "bounced" and meaning in bounces.ENDS
        return "bounced" if is_for_good else "returned"
    return str(_KINDS.get(event.event_type, ""))


def words_of(event: AnymailTrackingEvent) -> str:
    """What the recipient's server or the provider said."""
    return " ".join(str(event.mta_response or event.description or "").split())
