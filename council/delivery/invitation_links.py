"""The signed link by which a colleague answers an invitation without signing in."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core import signing
from django.urls import reverse

from council.models import Invitation

PURPOSE: Final = "council.invitation"
LASTS: Final = timedelta(days=400)


class Refused(Exception):  # noqa: N818 -- an answer, not a crash
    """The link was tampered with, is meant for something else, or is too old."""


def answer_url(invitation: Invitation) -> str:
    """Where one person answers for one meeting; it opens nothing else."""
    named = f"{invitation.pk}-{invitation.meeting_id}-{invitation.user_id}"
    token = signing.TimestampSigner(sep=".", salt=PURPOSE).sign(named)
    return settings.SITE_URL + reverse("council:invitation", args=[token])


def read(token: str) -> tuple[int, int, int]:
    """The ids of the invitation, its meeting and its colleague. Raises Refused."""
    signer = signing.TimestampSigner(sep=".", salt=PURPOSE)
    try:
        first, second, third = signer.unsign(token, max_age=LASTS).split("-")
    except (signing.BadSignature, ValueError) as error:
        raise Refused(PURPOSE) from error
    return int(first), int(second), int(third)
