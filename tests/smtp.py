"""A real SMTP server for tests: keeps what it takes, and can be told to misbehave."""

import asyncio
import logging
import threading
from asyncio import Server, Transport
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Answer = Callable[[str], str]
"""What the server says to a recipient; the empty string cuts the line."""
HANG = "hang"
"""Says nothing, and leaves the line open."""
DRIBBLE = "dribble"
"""Begins to say something, and never comes to the end of it."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message that the server took, and the connection it came by."""

    to: str
    mail: EmailMessage
    session: int

    @property
    def message_id(self) -> str:
        return str(self.mail["Message-ID"])


@dataclass
class Postbox:
    """Speaks SMTP on a port of its own. The answers may say no, or hang up."""

    answer_from: Answer = lambda sender: "250 OK"
    answer_to: Answer = lambda to: "250 OK"
    answer_data: Answer = lambda to: "250 OK"
    answer_taken: Answer = lambda to: "250 OK"
    """Once it has taken a message: it may still die before it says so."""
    deliveries: list[Delivery] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)
    port: int = 0

    async def handle_MAIL(  # noqa: N802 -- aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, sender: str, options: list[str]
    ) -> str:
        answer = self.answer_from(sender)
        if answer.startswith("250"):
            envelope.mail_from = sender
        return await _say(server, answer)

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, to: str, options: list[str]
    ) -> str:
        answer = self.answer_to(to)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(to)
        return await _say(server, answer)

    async def handle_DATA(  # noqa: N802 -- aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        [to] = envelope.rcpt_tos
        answer = self.answer_data(to)
        if answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            mail = message_from_bytes(envelope.content, policy=policy.default)
            with self.arrived:
                self.deliveries.append(Delivery(to, mail, id(session)))
                self.arrived.notify_all()
            answer = self.answer_taken(to)
        return await _say(server, answer)

    def wait_for(self, count: int, *, seconds: float = 120) -> None:
        """Until so many messages have been taken; fails if they do not come."""
        with self.arrived:
            done = self.arrived.wait_for(lambda: len(self.deliveries) >= count, timeout=seconds)
        assert done, f"{len(self.deliveries)} of {count} messages came in {seconds} s"

    def takes_more_than(self, count: int, *, seconds: float = 0.3) -> bool:
        """Whether one more comes at once; a slow machine may overlook it."""
        with self.arrived:
            return self.arrived.wait_for(lambda: len(self.deliveries) > count, timeout=seconds)


async def _say(server: SMTP, answer: str) -> str:
    if answer in (HANG, DRIBBLE):
        assert isinstance(server.transport, Transport)
        while not server.transport.is_closing():
            if answer == DRIBBLE:
                server.transport.write(b"2")
            await asyncio.sleep(0.2)
    if not answer:
        assert isinstance(server.transport, Transport)
        server.transport.abort()
    return answer


class _Controller(Controller):
    """Listens on a port that the system chooses, which aiosmtpd cannot do by itself."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def postbox() -> Iterator[Postbox]:
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells every line it hears
    box = Postbox()
    controller = _Controller(box, hostname="127.0.0.1", port=0)
    controller.start()
    box.port = controller.port
    try:
        yield box
    finally:
        controller.stop()
