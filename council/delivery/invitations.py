"""The mail that asks somebody to a meeting, says what changed of it, or that it is called off."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from backlog.delivery.rendering import CalendarPart, Message, plain_headers
from council.delivery import calendars, invitation_links
from council.models import Invitation


def message(row: Invitation, *, at: datetime) -> Message:
    """In the colleague's language and by their clock."""
    user, meeting = row.user, row.meeting
    is_over = row.method == Invitation.Method.CANCEL
    with translation.override(user.language), timezone.override(user.clock):
        starts_at = date_format(localtime(meeting.starts_at), "DATETIME_FORMAT")
        context = {
            "row": row,
            "meeting": meeting,
            "starts_at": starts_at,
            "time_zone": user.time_zone,
            "is_over": is_over,
            "is_change": row.sent_at is not None and not is_over,
            "answer_url": invitation_links.answer_url(row),
            "site_name": settings.SITE_NAME,
            "language": user.language,
            "subject": _subject(row) % {"meeting": meeting, "when": starts_at},
        }
        text = render_to_string("emails/meeting.txt", context).strip() + "\n"
        html = render_to_string("emails/meeting.html", context)
    asked = list(meeting.invitations.all())
    return Message(
        subject=str(context["subject"]),
        text=text,
        html=html,
        headers=plain_headers(user.language, at),
        calendar=CalendarPart(
            "CANCEL" if is_over else "REQUEST", calendars.invitation(row, asked, at=at)
        ),
    )


def _subject(row: Invitation) -> str:
    if row.method == Invitation.Method.CANCEL:
        return _("Called off: %(meeting)s, %(when)s")
    if row.sent_at is not None:
        return _("Changed: %(meeting)s, %(when)s")
    return _("Invitation: %(meeting)s, %(when)s")
