"""Sends e-mail over one kept-open connection, and tells failures of different kinds apart."""

import smtplib
from types import TracebackType
from typing import Final, Self

from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email

from backlog.delivery.rendering import Message

# Replies that say “there is no such mailbox”. Others, such as 552 (over quota) and 554 or 5.7.x
# (policy), tell more about the moment or about our own server than about the customer's address.
_NO_SUCH_MAILBOX: Final = (550, 551, 553, 556)
_POLICY: Final = "5.7."
_SESSION_ENDS: Final = 421


class NotSent(Exception):  # noqa: N818 -- a thing that happens to mail, not a crash
    """The server did not take this message; if `is_permanent`, the address itself is no good."""

    def __init__(self, failure: str, *, is_permanent: bool = False) -> None:
        super().__init__(failure)
        self.is_permanent = is_permanent


class Unreachable(NotSent):
    """There is no server to talk to: the next message would fare no better."""


class Sender:
    """`with Sender() as sender:` … `sender.send(message, to=address)`, as often as needed."""

    def __init__(self) -> None:
        self._connection: BaseEmailBackend = get_connection()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def send(self, message: Message, *, to: str) -> None:
        """Return once the server has taken the message; raise NotSent or Unreachable.

        A session that the server ends (421) is opened again. A line that breaks in the middle is
        not tried again here: the server may have taken the message already.
        """
        written = letter(message, to=to)
        if self._is_taken(written) or self._is_taken(written):
            return
        raise Unreachable("421: the server ends every session")

    def _is_taken(self, written: EmailMultiAlternatives) -> bool:
        """False if the server ended the session instead of answering."""
        try:
            self._connection.open()
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable(said(error)) from error
        try:
            self._connection.send_messages([written])
        except (smtplib.SMTPException, OSError) as error:
            code = _code(error)
            if code in (0, _SESSION_ENDS):
                self._connection.close()
            if code == _SESSION_ENDS:
                return False
            raise NotSent(said(error), is_permanent=_is_no_mailbox(error)) from error
        return True


def letter(message: Message, *, to: str) -> EmailMultiAlternatives:
    """The e-mail as it leaves. Raises NotSent for what is no address."""
    try:
        validate_email(to)
    except ValidationError as error:
        raise NotSent("not an e-mail address", is_permanent=True) from error
    written = EmailMultiAlternatives(
        message.subject, message.text, to=[to], headers=dict(message.headers)
    )
    written.attach_alternative(message.html, "text/html")
    return written


def _reply(error: Exception) -> tuple[int, str]:
    """The server's answer, or (0, …) if it gave none."""
    code: int = 0
    words: bytes | str = str(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, words = error.smtp_code, error.smtp_error
    return code, words.decode("utf-8", "replace") if isinstance(words, bytes) else words


def _code(error: Exception) -> int:
    return _reply(error)[0]


def said(error: Exception) -> str:
    """What a failure says for itself: the server's answer, if it gave one."""
    code, words = _reply(error)
    return f"{code} {words}" if code else words or type(error).__name__


def _is_no_mailbox(error: Exception) -> bool:
    code, words = _reply(error)
    return (
        isinstance(error, smtplib.SMTPRecipientsRefused)
        and code in _NO_SUCH_MAILBOX
        and not words.startswith(_POLICY)
    )
