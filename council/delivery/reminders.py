"""The mail that reminds a member of a meeting, or of a ballot that closes by a deadline."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backlog.delivery.rendering import Message, plain_headers
from council.models import Reminder


def message(reminder: Reminder, *, unread: int, at: datetime) -> Message:
    """In the member's language and by their clock. It names no request: mail is read by others."""
    user = reminder.user
    with translation.override(user.language), timezone.override(user.clock):
        context = {
            "site_name": settings.SITE_NAME,
            "language": user.language,
            "user": user,
            **(_of_ballot(reminder) if reminder.ballot else _of_meeting(reminder, unread)),
        }
        return Message(
            subject=str(context["subject"]),
            text=render_to_string("emails/reminder.txt", context).strip() + "\n",
            html=render_to_string("emails/reminder.html", context),
            headers=plain_headers(user.language, at),
        )


def _of_meeting(reminder: Reminder, unread: int) -> dict[str, object]:
    meeting = reminder.meeting
    assert meeting is not None
    return {
        "subject": _("Please read before “%(meeting)s”") % {"meeting": meeting},
        "meeting": meeting,
        "unread": unread,
        "when": _moment(meeting.starts_at),
        "url": settings.SITE_URL + reverse("council:prepare", args=[meeting.pk]),
    }


def _of_ballot(reminder: Reminder) -> dict[str, object]:
    ballot = reminder.ballot
    assert ballot is not None
    assert ballot.closes_at is not None
    return {
        "subject": _("“%(council)s” waits for your answer")
        % {"council": ballot.agenda_item.meeting.council},
        "ballot": ballot,
        "when": _moment(ballot.closes_at),
        "url": settings.SITE_URL + reverse("council:ballot", args=[ballot.pk]),
    }


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")
