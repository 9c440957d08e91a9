"""What calendars are given: an invitation or its end (iTIP, RFC 5546), and a person's feed.

Each meeting is an event of its own, whose UID never changes; times are in UTC, which every calendar
shows by its own clock, whatever it knows of daylight saving.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any, Final
from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from council.models import ActionItem, Invitation, Meeting

PRODUCT: Final = "-//Hearback//Hearback//EN"
_UID: Final = re.compile(r"meeting-([0-9]{1,18})@(.+)")
_ROLES: Final = {Invitation.Capacity.GUEST: "OPT-PARTICIPANT"}
_ANSWERS: Final = {
    Invitation.Answer.NONE: "NEEDS-ACTION",
    Invitation.Answer.YES: "ACCEPTED",
    Invitation.Answer.NO: "DECLINED",
    Invitation.Answer.ALTERNATE: "DECLINED",
}


def uid(meeting: Meeting) -> str:
    """The same for as long as the meeting is known, and nobody else's."""
    return f"meeting-{meeting.pk}@{_host()}"


def meeting_of(uid: str) -> int | None:
    """The meeting that has this UID; None for one that is not ours."""
    found = _UID.fullmatch(uid.strip())
    return int(found[1]) if found and found[2] == _host() else None


def invitation(row: Invitation, asked: Iterable[Invitation], *, at: datetime) -> str:
    """What is sent to one person: METHOD:REQUEST, or CANCEL where it is over for them."""
    is_over = row.method == Invitation.Method.CANCEL
    calendar = _calendar()
    calendar.add("METHOD", "CANCEL" if is_over else "REQUEST")
    event = _event(row.meeting, at=at, sequence=row.sequence)
    event["STATUS"] = "CANCELLED" if is_over else "CONFIRMED"
    event.add("ORGANIZER", _address(organizer(), str(row.meeting.council)))
    for each in [row] if is_over else asked:
        event.add("ATTENDEE", _attendee(each))
    calendar.add_component(event)
    return _text(calendar)


def feed(meetings: Iterable[Meeting], actions: Iterable[ActionItem], *, name: str) -> str:
    """What one person's calendar reads: their meetings, and what they have promised by when."""
    calendar = _calendar()
    calendar.add("METHOD", "PUBLISH")
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", name)
    calendar.add("REFRESH-INTERVAL", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for meeting in meetings:
        # Not when it was asked for: what has not changed is to be the same file.
        event = _event(meeting, at=meeting.starts_at, sequence=meeting.sequence)
        is_off = meeting.status == Meeting.Status.CANCELLED
        event["STATUS"] = "CANCELLED" if is_off else "CONFIRMED"
        calendar.add_component(event)
    for action in actions:
        calendar.add_component(_due(action))
    return _text(calendar)


def organizer() -> str:
    """Where calendars send their replies: the mailbox of the sender."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def _calendar() -> icalendar.Calendar:
    calendar = icalendar.Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    return calendar


def _event(meeting: Meeting, *, at: datetime, sequence: int) -> icalendar.Event:
    event = icalendar.Event()
    address = settings.SITE_URL + reverse("council:meeting", args=[meeting.pk])
    event.add("UID", uid(meeting))
    event.add("SEQUENCE", sequence)
    event.add("DTSTAMP", at)
    event.add("DTSTART", meeting.starts_at)
    event.add("DTEND", meeting.starts_at + timedelta(minutes=meeting.minutes))
    event.add("SUMMARY", meeting.title)
    event.add("DESCRIPTION", f"{meeting.council}\n{address}")
    event.add("URL", address)
    if meeting.place:
        event.add("LOCATION", meeting.place)
    return event


def _due(action: ActionItem) -> icalendar.Event:
    event = icalendar.Event()
    event.add("UID", f"action-item-{action.pk}@{_host()}")
    event.add("DTSTAMP", action.assigned_at)
    event.add("DTSTART", action.due_on)
    event.add("DTEND", action.due_on + timedelta(days=1))
    event.add("SUMMARY", _("Due: %(action)s") % {"action": action.title})
    event.add("TRANSP", "TRANSPARENT")
    return event


def _address(email: str, name: str) -> Any:
    address = icalendar.vCalAddress(f"mailto:{email}")
    address.params["CN"] = icalendar.vText(name)
    return address


def _attendee(row: Invitation) -> Any:
    address = _address(row.user.email, row.user.name or row.user.email)
    address.params["CUTYPE"] = icalendar.vText("INDIVIDUAL")
    role = _ROLES.get(Invitation.Capacity(row.capacity), "REQ-PARTICIPANT")
    address.params["ROLE"] = icalendar.vText(role)
    address.params["PARTSTAT"] = icalendar.vText(_ANSWERS[Invitation.Answer(row.answer)])
    address.params["RSVP"] = icalendar.vText("TRUE")
    return address


def _text(calendar: icalendar.Calendar) -> str:
    return str(calendar.to_ical().decode("utf-8"))


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"
