"""What a letter says: in the colleague's language and time, with what they may see."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backlog.delivery.rendering import Message, plain_headers, writing
from council.models import LedgerSeal, Letter
from council.queries import minutes_editions
from council.queries import reminders as reminder_queries
from council.queries.minutes_markdown import markdown, status_line
from council.rules.anchors import NAME, Anchor

Kind = Letter.Kind


def message(letter: Letter, head: LedgerSeal | None, *, at: datetime) -> Message:
    """The letter as it leaves; always with the same Message-ID. Raises Unwritable, nothing else."""
    user = letter.user
    with writing(letter.pk), translation.override(user.language), timezone.override(user.clock):
        anchor = Anchor(head.number, head.digest) if head else None
        context = {
            "name": user.name,
            "site_name": settings.SITE_NAME,
            "language": user.language,
            "anchor": str(anchor) if anchor else "",
            **_ABOUT[Kind(letter.kind)](letter),
        }
        headers = dict(plain_headers(user.language, at))
        headers["Message-ID"] = f"<letter-{letter.pk}@{settings.SITE_URL.rpartition('/')[2]}>"
        if anchor:
            headers[f"X-{NAME}"] = f"{anchor.number} {anchor.digest}"
        return Message(
            subject=context["subject"],
            text=render_to_string("emails/letter.txt", context).strip() + "\n",
            html=render_to_string("emails/letter.html", context),
            headers=headers,
        )


def _of_minutes(letter: Letter) -> dict[str, Any]:
    minutes = letter.minutes
    assert minutes is not None
    meeting = minutes.meeting
    names = {"meeting": meeting, "number": minutes.number or 0}
    found: dict[str, Any] = {"url": _url("council:minutes", meeting.pk)}
    if letter.kind == Kind.MINUTES:
        edition = minutes_editions.edition_of(minutes, letter.user)
        found |= {"edition": edition, "markdown": markdown(edition), "line": status_line(edition)}
        found["subject"] = _("Minutes no. %(number)d: %(meeting)s") % names
        found["words"] = _("These are the approved minutes of “%(meeting)s”.") % names
    elif letter.kind == Kind.REVIEW:
        assert minutes.review_until is not None
        until = _moment(minutes.review_until)
        found["subject"] = _("Minutes to look through: %(meeting)s") % names
        found["words"] = _(
            "You were at “%(meeting)s”. Say that its minutes are right, or propose what they "
            "should say instead, until %(until)s. Where nobody objects they are approved then."
        ) % {**names, "until": until}
    else:
        found["subject"] = _("Minutes are overdue: %(meeting)s") % names
        found["words"] = _("The minutes of “%(meeting)s” are not approved yet.") % names
    return found


def _of_action(letter: Letter) -> dict[str, Any]:
    action = letter.action_item
    assert action is not None
    names = {"action": action, "day": date_format(action.due_on)}
    if letter.kind == Kind.ACTION_DUE:
        subject = _("Due on %(day)s: %(action)s") % names
        words = _(
            "You said that you would do this until %(day)s: “%(action)s”. When it is done, say "
            "how one can see that; somebody else accepts it."
        )
    else:
        subject = _("Overdue: %(action)s") % names
        words = _(
            "This was to be done until %(day)s: “%(action)s”. Say that it is done, or what keeps "
            "you from it. It is on the next agenda as long as it is open."
        )
    url = _url("council:action-item", action.pk)
    return {"subject": subject, "words": words % names, "url": url}


def _of_agenda(letter: Letter) -> dict[str, Any]:
    """It names no request, as mail is read by others too."""
    meeting, unread = letter.meeting, reminder_queries.unread_of(letter)
    assert meeting is not None
    names = {"meeting": meeting, "when": _moment(meeting.starts_at), "n": unread}
    words = ngettext(
        "“%(meeting)s” begins on %(when)s, and %(n)d item of its agenda waits to be read.",
        "“%(meeting)s” begins on %(when)s, and %(n)d items of its agenda wait to be read.",
        unread,
    )
    return {
        "subject": _("Please read before “%(meeting)s”") % names,
        "words": words % names,
        "is_for_the_rest": True,
        "url": _url("council:prepare", meeting.pk),
    }


def _of_ballot(letter: Letter) -> dict[str, Any]:
    """It names no request, as mail is read by others too."""
    ballot = letter.ballot
    assert ballot is not None
    assert ballot.closes_at is not None
    names = {"council": ballot.agenda_item.meeting.council, "when": _moment(ballot.closes_at)}
    words = _("A proposal of “%(council)s” waits for the answer of your seat until %(when)s.")
    return {
        "subject": _("“%(council)s” waits for your answer") % names,
        "words": words % names,
        "is_for_the_rest": True,
        "url": _url("council:ballot", ballot.pk),
    }


_ABOUT = {
    Kind.AGENDA: _of_agenda,
    Kind.BALLOT: _of_ballot,
    Kind.REVIEW: _of_minutes,
    Kind.OVERDUE_MINUTES: _of_minutes,
    Kind.MINUTES: _of_minutes,
    Kind.ACTION_DUE: _of_action,
    Kind.ACTION_OVERDUE: _of_action,
}


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def _url(name: str, number: int) -> str:
    return settings.SITE_URL + reverse(name, args=[number])
