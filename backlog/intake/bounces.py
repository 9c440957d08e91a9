"""Reads what comes back to the sender: delivery reports (RFC 3464) and complaints (RFC 5965).

A file is one message, or a mailbox of many (mbox), of any length: one message at a time is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, message_from_string
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import BinaryIO, Final

from backlog.rules.bounces import is_no_mailbox

LONGEST: Final = 20 * 2**20
"""Bytes of one message; what is longer is no report."""
_MAILBOX_LINE: Final = b"From "
_KNOWN_ACTIONS: Final = {"delivered": "delivered", "failed": "failed"}


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one message. `kind` is empty if nothing can be said of it yet."""

    kind: str
    message_id: str
    detail: str = ""
    happened_at: datetime | None = None


def read(file: BinaryIO) -> Iterator[tuple[int, Report | None]]:
    """Each message's number, from 1, and its report; None for a message that is none."""
    for number, message in enumerate(_messages(file), start=1):
        yield number, report_of(message) if len(message) <= LONGEST else None


def _messages(file: BinaryIO) -> Iterator[bytes]:
    """A line that begins with “From ” after an empty one begins a message, as in every mbox."""
    lines, size, is_after_empty = list[bytes](), 0, True
    for line in file:
        if is_after_empty and line.startswith(_MAILBOX_LINE):
            if size:
                yield b"".join(lines)
            lines, size = [], 0
        else:
            size += len(line)
            if size <= LONGEST + len(line):
                lines.append(line)
        is_after_empty = not line.strip()
    if size:
        yield b"".join(lines)


def report_of(raw: bytes) -> Report | None:
    """None for what is no report, or is nested too deeply for anything that a server writes."""
    try:
        message = message_from_bytes(raw)
    except RecursionError:
        return None
    if message.get_content_type() != "multipart/report":
        return None
    parts = {part.get_content_type(): part for part in message.walk()}
    about = _original(parts)
    status, feedback = parts.get("message/delivery-status"), parts.get("message/feedback-report")
    if status is not None:
        return _delivery(status, about)
    if feedback is not None:
        return _complaint(feedback, about)
    return None


def _original(parts: dict[str, Message]) -> str:
    """The Message-ID of what came back."""
    whole, headers = parts.get("message/rfc822"), parts.get("text/rfc822-headers")
    if whole is not None:
        return _field(_first(whole), "Message-ID")
    if headers is not None:
        payload = headers.get_payload(decode=True)
        text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
        return _field(message_from_string(text.lstrip()), "Message-ID")
    return ""


def _delivery(status: Message, about: str) -> Report:
    """Of several recipients the last is told: our messages have one."""
    fields = [group for group in _groups(status) if group["Action"]]
    if not fields:
        return Report("", about)
    group = fields[-1]
    said = f"{_field(group, 'Status')} {_field(group, 'Diagnostic-Code')}".strip()
    at = _moment(_field(group, "Last-Attempt-Date"))
    action = _KNOWN_ACTIONS.get(_field(group, "Action").lower(), "")
    if action != "failed":
        return Report(action, about, said, at)
    return Report("bounced" if is_no_mailbox(said) else "returned", about, said, at)


def _complaint(feedback: Message, about: str) -> Report:
    fields = _first(feedback)
    kind = _field(fields, "Feedback-Type").lower()
    is_praise = kind == "not-spam"
    at = _moment(_field(fields, "Arrival-Date"))
    return Report("" if is_praise else "complained", about, kind, at)


def _groups(part: Message) -> list[Message]:
    payload = part.get_payload()
    return (
        [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []
    )


def _first(part: Message) -> Message:
    return next(iter(_groups(part)), Message())


def _field(message: Message, name: str) -> str:
    return " ".join(str(message.get(name, "")).split())


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
