"""What tests of minutes have in common."""

from datetime import datetime, timedelta
from typing import Any

from backlog.models import User
from council.models import Meeting, Minutes
from council.operations import minutes
from tests.factories import NOON


def after(minutes_: int) -> datetime:
    return NOON + timedelta(minutes=minutes_)


def approve(meeting: Meeting, *who: User, at: Any = None) -> Minutes:
    for user in who:
        last = minutes.approve_minutes(meeting_id=meeting.pk, by=user, at=at or after(62))
    return last
