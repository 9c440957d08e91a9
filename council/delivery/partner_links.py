"""The signed link by which a partner sees the one action item that they do."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core import signing
from django.urls import reverse

from council.models import ActionItem

PURPOSE: Final = "council.partner"
LASTS: Final = timedelta(days=60)


class Refused(Exception):  # noqa: N818 -- an answer, not a crash
    """The link was tampered with, is meant for something else, or is too old."""


def url_for(action: ActionItem) -> str:
    """It opens this action item alone, for sixty days, unless another link is made meanwhile."""
    named = f"{action.pk}-{action.partner_link}"
    token = signing.TimestampSigner(sep=".", salt=PURPOSE).sign(named)
    return settings.SITE_URL + reverse("council:partner", args=[token])


def read(token: str) -> tuple[int, int]:
    """The id of the action item, and the number of the link. Raises Refused."""
    signer = signing.TimestampSigner(sep=".", salt=PURPOSE)
    try:
        first, second = signer.unsign(token, max_age=LASTS).split("-")
    except (signing.BadSignature, ValueError) as error:
        raise Refused(PURPOSE) from error
    return int(first), int(second)
