"""Reads what comes back to the sender: delivery reports and complaints.

Delivery reports are RFC 3464's, also in the form for names in all scripts (RFC 6533), or qmail's;
complaints are RFC 5965's. A file is one message, or a mailbox of many.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_string
from email.message import Message
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime
from typing import BinaryIO, Final

from backlog.intake import mbox, qmail
from backlog.rules import addresses
from backlog.rules.bounces import is_no_mailbox

_STATUS: Final = ("message/delivery-status", "message/global-delivery-status")
_FEEDBACK: Final = ("message/feedback-report",)
_ORIGINAL: Final = (
    *("message/rfc822", "text/rfc822-headers"),
    *("message/global", "message/global-headers"),
)
_NAMES_US: Final = ("message-id", "list-unsubscribe")
_WHOLE: Final = ("message/rfc822", "message/global")
_DEEPEST: Final = 3
"""So often may a report have been passed on inside another message."""
_KINDS: Final = ("delivered", "bounced", "returned")
# Others are no complaint of the owner: a filter's finding, a report about SPF and DKIM (RFC 6591).
_COMPLAINTS: Final = ("abuse", "fraud", "opt-out")


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one message. `kind` is empty if nothing can be said of it yet.

    Servers on the way give messages other ids: `clues` are all that may name ours, the best first.
    `recipient` is whose mailbox it is about: perhaps not where we sent it, but where it had gone.
    """

    kind: str
    message_id: str
    detail: str = ""
    happened_at: datetime | None = None
    clues: tuple[str, ...] = ()
    recipient: str = ""


class _Mail(Message):
    """Its reports and returned messages stay whole: they are read once they are decoded."""

    @property
    def kind(self) -> str:
        return super().get_content_type()

    def get_content_type(self) -> str:
        kind = super().get_content_type()
        return "text/plain" if kind.startswith("message/") else kind

    def text(self) -> str:
        payload = self.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def read(file: BinaryIO) -> Iterator[tuple[int, Report | None]]:
    """Each message's number, from 1, and its report; None for a message that is none."""
    for number, message in enumerate(mbox.messages(file), start=1):
        yield number, report_of(message)


def report_of(raw: bytes) -> Report | None:
    """None for what is no report, or is nested too deeply for anything that a server writes."""
    try:
        return _report_in(raw, depth=0)
    except RecursionError:
        return None


def _report_in(raw: bytes, *, depth: int) -> Report | None:
    """A report may have come as part of any multipart, or been passed on in another message."""
    mail = BytesParser(_Mail).parsebytes(raw)
    parts = list(mail.walk())
    status, feedback = _first(parts, _STATUS), _first(parts, _FEEDBACK)
    returned = _first(parts, _ORIGINAL)
    original = _fields(returned.text()) if returned is not None else Message()
    if status is not None and mail.is_multipart():
        return _delivery(_groups(status), original, mail)
    if feedback is not None and mail.is_multipart():
        return _complaint(_groups(feedback), original, mail)
    bounce = None if mail.is_multipart() else qmail.read(mail.text())
    if bounce is not None:
        return _delivery(bounce.groups, _fields(bounce.original), mail)
    passed_on = [part for part in parts[1:] if part.kind in _WHOLE] if depth < _DEEPEST else []
    found = (_report_in(part.text().encode(), depth=depth + 1) for part in passed_on)
    return next((report for report in found if report), None)


def _delivery(groups: list[Message], original: Message, mail: Message) -> Report:
    """Our messages have one recipient; of several to whom it had gone on, the last is told."""
    clues = _clues(original, *groups[:1], mail=mail)
    told = [group for group in groups if group["Action"]]
    if not told:
        return Report("", _first_id(clues), clues=clues)
    sent_to = addresses.bare(parseaddr(_field(original, "To"))[1])
    told.sort(key=lambda group: _action(group) == "failed")
    group = next((each for each in told if sent_to and _recipient(each) == sent_to), told[-1])
    diagnostic = f"{_field(group, 'Status')} {_field(group, 'Diagnostic-Code')}".strip()
    action = _action(group)
    if action == "failed":
        action = "bounced" if is_no_mailbox(diagnostic) else "returned"
    return Report(
        action if action in _KINDS else "",
        _first_id(clues),
        diagnostic,
        _moment(_field(group, "Last-Attempt-Date")),
        clues,
        _recipient(group),
    )


def _action(group: Message) -> str:
    return _field(group, "Action").lower().partition(" ")[0]


def _recipient(group: Message) -> str:
    """Without “rfc822;”."""
    field = _field(group, "Final-Recipient") or _field(group, "Original-Recipient")
    return addresses.bare(field.rpartition(";")[2])


def _complaint(groups: list[Message], original: Message, mail: Message) -> Report:
    fields = groups[0] if groups else Message()
    clues = _clues(original, fields, mail=mail)
    kind = _field(fields, "Feedback-Type").lower()
    happened_at = _moment(_field(fields, "Arrival-Date"))
    is_one = kind in _COMPLAINTS
    return Report("complained" if is_one else "", _first_id(clues), kind, happened_at, clues)


def _clues(original: Message, *groups: Message, mail: Message) -> tuple[str, ...]:
    """Message-IDs and links, as they stand in the original, the report, and around it.

    What a report answers counts, and not what the original answered: that was another message.
    """
    found = [_field(original, "Message-ID")]
    for fields in (*groups, original):
        ours = [name for name in fields.keys() if name.lower().endswith(_NAMES_US)]  # noqa: SIM118
        found += [_field(fields, name) for name in ours]
    found += [_field(mail, "In-Reply-To"), *_field(mail, "References").split()[-1:]]
    return tuple(dict.fromkeys(clue for clue in found if clue))


def _first_id(clues: tuple[str, ...]) -> str:
    return clues[0] if clues else ""


def _first(parts: list[_Mail], kinds: tuple[str, ...]) -> _Mail | None:
    return next((part for part in parts if part.kind in kinds), None)


def _groups(part: _Mail) -> list[Message]:
    """Blocks of fields, parted by empty lines: the first is of the message, each other of one."""
    blocks, lines = list[str](), list[str]()
    for line in [*part.text().splitlines(), ""]:
        if line.strip():
            lines.append(line)
        elif lines:
            blocks.append("\n".join(lines))
            lines = []
    return [_fields(block) for block in blocks]


def _fields(text: str) -> Message:
    return message_from_string(text.lstrip("\r\n"))


def _field(message: Message, name: str) -> str:
    return " ".join(str(message.get(name, "")).split())


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
