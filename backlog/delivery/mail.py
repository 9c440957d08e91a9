"""Sends e-mail over one kept-open connection, and tells failures of different kinds apart."""

import logging
import re
import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import charset
from functools import partial
from types import TracebackType
from typing import Any, Final, Self

from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email

from backlog.delivery.rendering import Message
from backlog.errors import Unwritable
from backlog.rules import bounces

logger = logging.getLogger(__name__)

_SESSION_ENDS: Final = 421
_NO_REPLY: Final = 0
# A server that is busy (450), full (452) or says 4.1 or 4.2 speaks of one mailbox; others that ask
# us to come later speak of all their mailboxes.
_OF_MAILBOX: Final = re.compile(r"4\.[12]\.")
_OF_MAILBOX_WITHOUT_WORDS: Final = (450, 452)
_STEPS: Final = {
    smtplib.SMTPSenderRefused: " (in reply to MAIL FROM)",
    smtplib.SMTPDataError: " (in reply to DATA)",
}
_ENHANCED: Final = re.compile(r"4\.\d+\.\d+")
LONGEST: Final = 60.0
"""Seconds for one message from beginning to end, however slowly a server dribbles."""
_LONGEST_REPLY: Final = 250
"""Characters; the step that is named after them is not to be cut off."""


# A server without 8BITMIME must not get eight bits, and one that converts them breaks signatures.
_SEVEN_BITS: Final = charset.Charset("utf-8")
_SEVEN_BITS.body_encoding = charset.QP
# What is not asked to stay away: reports that a message could not be delivered.
_AUTOMATIC: Final = {
    "Auto-Submitted": "auto-generated",
    "X-Auto-Response-Suppress": "DR, RN, NRN, OOF, AutoReply",
}


class AutomaticMail(EmailMultiAlternatives):
    """An e-mail of ours: in seven bits whatever it says, and marked as sent by a machine."""

    encoding = _SEVEN_BITS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.extra_headers = {**_AUTOMATIC, **self.extra_headers}


class NotSent(Exception):  # noqa: N818 -- a thing that happens to mail, not a crash
    """The server did not take this message.

    If `is_permanent`, the address itself is no good. If `is_of_domain`, others of the same domain
    would fare no better now. If `is_silent`, there was no answer at all. What an answer means is
    its `meaning`; None if there was no answer, or another message cannot meet with the same.
    """

    def __init__(
        self,
        failure: str,
        *,
        is_permanent: bool = False,
        is_of_domain: bool = False,
        is_silent: bool = False,
        meaning: bounces.Meaning | None = None,
    ) -> None:
        super().__init__(failure)
        self.is_permanent = is_permanent
        self.is_of_domain = is_of_domain
        self.is_silent = is_silent
        self.meaning = meaning

    @property
    def likeness(self) -> str:
        """The same for answers that say the same to anybody; empty if there is none."""
        return bounces.likeness(str(self)) if self.meaning else ""


class Unreachable(NotSent):
    """There is no server to talk to: the next message would fare no better."""


class OurFault(NotSent):
    """Refused for what our own server or sender is: so would be the next, whoever it is for."""


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
        mail = automatic_mail(message, to=to)
        if self._is_taken(mail) or self._is_taken(mail):
            return
        raise Unreachable("421: the server ends every session")

    def _is_taken(self, mail: AutomaticMail) -> bool:
        """False if the server ended the session instead of answering."""
        try:
            self._connection.open()
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            raise Unreachable(failure_text(error)) from error
        try:
            with self._patience():
                self._connection.send_messages([mail])
        except (smtplib.SMTPException, OSError) as error:
            code = _code(error)
            if code in (_NO_REPLY, _SESSION_ENDS):
                self._connection.close()
            if code == _SESSION_ENDS:
                return False
            raise _refusal(error) from error
        except NotSent:
            raise
        except Exception as error:
            # What cannot be encoded shows in many ways, and is the fault of this message alone.
            logger.exception("Message %s cannot be encoded", mail.extra_headers.get("Message-ID"))
            self._connection.close()
            raise NotSent(Unwritable.because(error).failure) from error
        return True

    @contextmanager
    def _patience(self) -> Iterator[None]:
        """Time-outs are for one answer; this is for the whole conversation."""
        line = getattr(self._connection, "connection", None)
        if line is None:  # It goes to no server.
            yield
            return
        alarm = threading.Timer(LONGEST, _hang_up, [line.sock])
        alarm.daemon = True
        alarm.start()
        line.data = partial(_hand_over, line)
        try:
            yield
        finally:
            alarm.cancel()


def _hand_over(line: smtplib.SMTP, message: bytes) -> tuple[int, bytes]:
    """Servers look at the whole message before they answer: give them the time they take.

    RFC 5321 (4.5.3.2.6) asks for patience here: who gives up too soon sends it once more.
    """
    assert line.sock is not None
    usual = line.sock.gettimeout()
    line.sock.settimeout(LONGEST)
    try:
        return smtplib.SMTP.data(line, message)
    finally:
        if line.sock is not None:
            line.sock.settimeout(usual)


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def automatic_mail(message: Message, *, to: str) -> AutomaticMail:
    """The e-mail as it leaves. Raises NotSent for what is no address."""
    try:
        validate_email(to)
    except ValidationError as error:
        raise NotSent("not an e-mail address", is_permanent=True) from error
    mail = AutomaticMail(message.subject, message.text, to=[to], headers=dict(message.headers))
    mail.attach_alternative(message.html, "text/html")
    if message.calendar is not None:
        kind = f"text/calendar; method={message.calendar.method}"
        mail.attach_alternative(message.calendar.text, kind)
    return mail


def _reply(error: Exception) -> tuple[int, str]:
    """The server's answer, or (0, …) if it gave none, or broke off in the middle of one."""
    code: int = 0
    words: bytes | str = str(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, words = error.smtp_code, error.smtp_error
    code = code if 400 <= code < 600 else _NO_REPLY
    return code, words.decode("utf-8", "replace") if isinstance(words, bytes) else words


def _code(error: Exception) -> int:
    return _reply(error)[0]


def failure_text(error: Exception) -> str:
    """What a failure says for itself: the server's answer, if it gave one."""
    code, words = _reply(error)
    return f"{code} {words}" if code else words or type(error).__name__


def _refusal(error: Exception) -> NotSent:
    """Names the step that was refused, as Postfix does, where it was not the recipient's."""
    code, words = _reply(error)
    if code == _NO_REPLY:
        return NotSent(failure_text(error), is_of_domain=True, is_silent=True)
    step = next((step for kind, step in _STEPS.items() if isinstance(error, kind)), "")
    failure = f"{code} {' '.join(words.split())[:_LONGEST_REPLY]}{step}"
    meaning = bounces.meaning_of(failure)
    return NotSent(
        failure,
        is_permanent=meaning in bounces.ENDS,
        is_of_domain=meaning not in bounces.OURS and _is_of_domain(error),
        meaning=meaning,
    )


def _is_of_domain(error: Exception) -> bool:
    """“Later” that is not about one mailbox or about ourselves."""
    code, words = _reply(error)
    if code >= 500 or isinstance(error, smtplib.SMTPSenderRefused):
        return False
    if _ENHANCED.match(words):
        return not _OF_MAILBOX.match(words)
    return code not in _OF_MAILBOX_WITHOUT_WORDS
