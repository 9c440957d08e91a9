"""Reads what calendars reply to an invitation (METHOD:REPLY of RFC 5546), as it comes by mail.

Nothing is expanded: an event that recurs is none of ours. What is too large is not looked at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any, BinaryIO, Final

import icalendar
from django.utils.translation import gettext as _

from backlog.intake import mbox

LARGEST: Final = 256 * 1024
"""Bytes; a reply is one event of some lines."""
MOST_LINES: Final = 2_000
_ANSWERS: Final = {"ACCEPTED": "yes", "DECLINED": "no", "DELEGATED": "alternate"}
_RECURS: Final = ("RRULE", "RDATE", "EXRULE", "RECURRENCE-ID")
_EVENT: Final = re.compile(rb"^BEGIN:VEVENT", re.IGNORECASE | re.MULTILINE)


class Unreadable(Exception):  # noqa: N818 -- an answer, not a crash
    """It is no reply that could count; says why."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody's calendar answers. `answer` is empty where they have not made up their mind.

    `sender` is the address that the mail came from, empty where the file came alone.
    """

    uid: str
    attendee: str
    answer: str
    sequence: int
    answered_at: datetime
    sender: str = ""


def messages(file: BinaryIO) -> Iterator[tuple[int, Reply | Unreadable | None]]:
    """Each message's number, from 1, and its reply, or why it has none; None without a calendar."""
    for number, raw in enumerate(mbox.messages(file), start=1):
        try:
            yield number, reply_in(raw)
        except Unreadable as unreadable:
            yield number, unreadable


def reply_in(raw: bytes) -> Reply | None:
    """The reply in a mail; None where there is no calendar in it. Raises Unreadable."""
    mail = message_from_bytes(raw, policy=policy.default)
    try:
        part = next((it for it in mail.walk() if it.get_content_type() == "text/calendar"), None)
        if part is None:
            return None
        content = part.get_payload(decode=True)
        sender = parseaddr(str(mail.get("From", "")))[1].lower()
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise Unreadable(_("The mail cannot be taken apart.")) from error
    assert isinstance(mail, EmailMessage)
    return read(content if isinstance(content, bytes) else b"", sender=sender)


def read(content: bytes, *, sender: str = "") -> Reply:
    """The reply that a calendar file is. Raises Unreadable, and nothing else."""
    if len(content) > LARGEST or content.count(b"\n") > MOST_LINES:
        raise Unreadable(_("The calendar file is larger than any reply."))
    if len(_EVENT.findall(content)) > 1:
        raise Unreadable(_("The calendar file has several events; a reply has one."))
    try:
        calendar = icalendar.Calendar.from_ical(content)
        return _reply(calendar, sender)
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(_("The calendar file cannot be read.")) from error


def _reply(calendar: Any, sender: str) -> Reply:
    method = str(calendar.get("METHOD", "")).upper()
    if method != "REPLY":
        raise Unreadable(
            _("The calendar file is no reply: its method is %(method)s.")
            % {"method": method[:20] or _("none")}
        )
    event = next(iter(calendar.walk("VEVENT")), None)
    if event is None or not event.get("UID"):
        raise Unreadable(_("The calendar file names no event."))
    if any(name in event for name in _RECURS):
        raise Unreadable(_("The event recurs; no meeting of ours does."))
    attendee = event.get("ATTENDEE")
    if attendee is None or isinstance(attendee, list):
        raise Unreadable(_("A reply is of one attendee."))
    stamp = event.decoded("DTSTAMP")
    return Reply(
        uid=str(event["UID"]),
        attendee=re.sub(r"^mailto:", "", str(attendee), flags=re.IGNORECASE).strip().lower(),
        answer=_ANSWERS.get(str(attendee.params.get("PARTSTAT", "")).upper(), ""),
        sequence=int(event.get("SEQUENCE", 0)),
        answered_at=stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC),
        sender=sender,
    )
