"""The mail that tells a person where the copy of their data is, for a week."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backlog.delivery import links
from backlog.delivery.rendering import Message, plain_headers
from backlog.models import PrivacyRequest


def message(privacy_request: PrivacyRequest, *, at: datetime) -> Message:
    """In the person's language; it holds nothing of what the copy does."""
    with translation.override(privacy_request.customer.language):
        context = {
            "url": links.copy_url(privacy_request),
            "until": date_format(at + links.COPY_LASTS, "DATE_FORMAT"),
            "site_name": settings.SITE_NAME,
            "language": privacy_request.customer.language,
        }
        return Message(
            subject=_("The copy of your data at %(site)s") % {"site": settings.SITE_NAME},
            text=render_to_string("emails/copy.txt", context).strip() + "\n",
            html=render_to_string("emails/copy.html", context),
            headers=plain_headers(privacy_request.customer.language, at),
        )
