"""Sends one test message step by step, so that the step that fails can be named."""

import smtplib
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from django.conf import settings
from django.core.mail import DNS_NAME, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backlog.delivery.mail import AutomaticMail, NotSent, failure_text

PATIENCE_SECONDS: Final = 5


class Step(TextChoices):
    """What has to succeed, in this order, before a message has left."""

    RESOLVE = "resolve", gettext_lazy("Find the mail server by its name")
    CONNECT = "connect", gettext_lazy("Connect to it")
    ENCRYPT = "encrypt", gettext_lazy("Encrypt the connection")
    SIGN_IN = "sign_in", gettext_lazy("Sign in")
    SENDER = "sender", gettext_lazy("Be accepted as the sender")
    RECIPIENT = "recipient", gettext_lazy("Have the recipient accepted")
    HAND_OVER = "hand_over", gettext_lazy("Hand the message over")


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one step; a `failure`, in the server's words, is always the last."""

    step: Step
    failure: str = ""


def send_test_message(*, to: str) -> Iterator[Result]:
    """Each step as it succeeds, until the first that does not. The address must be checked."""
    mail = AutomaticMail(
        _("Test message from %(site)s") % {"site": settings.SITE_NAME},
        _("If you can read this, mail leaves as it should."),
        to=[to],
    )
    with ExitStack() as session:
        for step, act in _steps(mail, session):
            try:
                act()
            except (smtplib.SMTPException, OSError, ValueError, NotSent) as error:
                yield Result(step, failure_text(error))
                return
            yield Result(step)


def _steps(mail: AutomaticMail, session: ExitStack) -> list[tuple[Step, Callable[[], object]]]:
    backend = get_connection()
    if not isinstance(backend, EmailBackend):
        return [(Step.HAND_OVER, lambda: backend.send_messages([mail]))]
    dialogue = _Dialogue(backend, mail, session)
    encrypt = [(Step.ENCRYPT, dialogue.encrypt)] if backend.use_ssl or backend.use_tls else []
    sign_in = [(Step.SIGN_IN, dialogue.sign_in)] if backend.username else []
    return [
        (Step.RESOLVE, dialogue.resolve),
        (Step.CONNECT, dialogue.connect),
        *encrypt,
        *sign_in,
        (Step.SENDER, dialogue.name_sender),
        (Step.RECIPIENT, dialogue.name_recipient),
        (Step.HAND_OVER, dialogue.hand_over),
    ]


@dataclass
class _Dialogue:
    """One SMTP session, with the settings that Django sends mail with."""

    backend: EmailBackend
    mail: AutomaticMail
    session: ExitStack
    smtp: smtplib.SMTP = field(init=False)

    def resolve(self) -> None:
        socket.getaddrinfo(self.backend.host, self.backend.port, type=socket.SOCK_STREAM)

    def connect(self) -> None:
        if self.backend.use_ssl:
            # Encrypted from the first byte on: here is only asked whether anybody listens.
            where = (self.backend.host, self.backend.port)
            socket.create_connection(where, PATIENCE_SECONDS).close()
        else:
            self._open(smtplib.SMTP)

    def encrypt(self) -> None:
        if self.backend.use_ssl:
            self._open(partial(smtplib.SMTP_SSL, context=self.backend.ssl_context))
        else:
            self.smtp.starttls(context=self.backend.ssl_context)

    def _open(self, kind: Callable[..., smtplib.SMTP]) -> None:
        self.smtp = kind(
            self.backend.host,
            self.backend.port,
            local_hostname=DNS_NAME.get_fqdn(),
            timeout=PATIENCE_SECONDS,
        )
        self.session.callback(self.smtp.close)

    def sign_in(self) -> None:
        self.smtp.login(self.backend.username, self.backend.password)

    def name_sender(self) -> None:
        self.smtp.ehlo_or_helo_if_needed()
        _expect_yes(*self.smtp.mail(sanitize_address(self.mail.from_email, "utf-8")))

    def name_recipient(self) -> None:
        _expect_yes(*self.smtp.rcpt(sanitize_address(self.mail.to[0], "utf-8")))

    def hand_over(self) -> None:
        _expect_yes(*self.smtp.data(_lines_of(self.mail)))
        self.smtp.quit()


def _lines_of(mail: AutomaticMail) -> bytes:
    return mail.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg] # Django's has it


def _expect_yes(code: int, words: bytes) -> None:
    if code not in (250, 251):
        raise smtplib.SMTPResponseException(code, words)
