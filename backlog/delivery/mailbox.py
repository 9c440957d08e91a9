"""The local mailbox: keeps mail in files instead of sending it, for trying the product out."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

_NAME: Final = re.compile(r"\d{8}T\d{6}-[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail in the local mailbox, as it would have arrived."""

    id: str
    message_id: str
    sent_at: datetime
    sender: str
    to: str
    subject: str
    language: str
    text: str
    html: str
    source: bytes


class MailboxBackend(BaseEmailBackend):
    """Writes each message to one file in MAILBOX_DIR, wholly or not at all."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for each in email_messages:
            _write(each.message().as_bytes())
        return len(email_messages)


def messages(*, limit: int = 100) -> list[Mail]:
    """The newest mails first."""
    names = sorted((path.stem for path in _folder().glob("*.eml")), reverse=True)
    return [_parse(name) for name in names[:limit]]


def read(mail_id: str) -> Mail | None:
    """One letter; None if there is none of this id."""
    if not _NAME.fullmatch(mail_id) or not path_of(mail_id).is_file():
        return None
    return _parse(mail_id)


def path_of(mail_id: str) -> Path:
    """Where the letter is kept."""
    return _folder() / f"{mail_id}.eml"


def all_ids() -> list[str]:
    """Of every mail there is."""
    return sorted(path.stem for path in _folder().glob("*.eml"))


def _folder() -> Path:
    return Path(settings.MAILBOX_DIR)


def _write(source: bytes) -> None:
    sent_at = _sent_at(message_from_bytes(source, policy=policy.default))
    name = f"{sent_at:%Y%m%dT%H%M%S}-{secrets.token_hex(8)}"
    _folder().mkdir(parents=True, exist_ok=True)
    unfinished = _folder() / f"{name}.part"
    unfinished.write_bytes(source)
    unfinished.replace(path_of(name))


def _sent_at(mail: ParsedMessage) -> datetime:
    return parsedate_to_datetime(mail["Date"]).astimezone(UTC)


def _parse(name: str) -> Mail:
    source = path_of(name).read_bytes()
    mail = message_from_bytes(source, policy=policy.default)
    return Mail(
        id=name,
        message_id=str(mail["Message-ID"] or ""),
        sent_at=_sent_at(mail),
        sender=str(mail["From"]),
        to=str(mail["To"]),
        subject=str(mail["Subject"]),
        language=str(mail["Content-Language"] or ""),
        text=_part(mail, "plain"),
        html=_part(mail, "html"),
        source=source,
    )


def _part(mail: ParsedMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
