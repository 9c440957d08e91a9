"""What is sent to the routes of series and invitations; see `test_sent_twice`."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from backlog.models import User
from council.models import Council, Series
from tests.access.world import Rows

Body = dict[str, Any]
SOON = (timezone.now() + timedelta(days=2)).isoformat()
DAY = (timezone.now() + timedelta(days=9)).date().isoformat()
REASON: Body = {"reason": "Asked."}

BODIES: dict[str, Callable[[Rows], Body]] = {
    "meeting-move": lambda rows: {"starts_at": SOON},
    "meeting-skip": lambda rows: REASON,
    "meeting-invite": lambda rows: {"user": rows[User].email},
    "meeting-answer": lambda rows: {"answer": "yes"},
    "series-list": lambda rows: {
        "council": rows[Council].pk,
        "title": "Monthly",
        "rule": "FREQ=MONTHLY;BYDAY=-1FR",
        "starts_on": DAY,
        "starts_at": "10:00",
    },
    "series-end": lambda rows: REASON,
}


def _nothing(rows: Rows, client: Client) -> Body:
    return {}


def _edited_series(rows: Rows, client: Client) -> Body:
    form: Any = client.get(f"/series/{rows[Series].pk}/edit/").context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    return {**values, "title": "Another title"}


FORMS: dict[str, Callable[[Rows, Client], Body]] = {
    "council:series-new": lambda rows, client: {
        "title": "Monthly",
        "starts_on": DAY,
        "starts_at": "10:00",
        "time_zone": "Asia/Seoul",
        "repeats": "last",
        "minutes": 60,
        "on_holiday": "warn",
    },
    "council:series-edit": _edited_series,
    "council:series-end": lambda rows, client: REASON,
    "council:move-meeting": lambda rows, client: {"starts_at": SOON},
    "council:skip-meeting": lambda rows, client: REASON,
    "council:restore-meeting": _nothing,
    "council:off-holiday-meeting": _nothing,
    "council:answer-invitation": lambda rows, client: {"answer": "yes"},
    "council:invite-guest": lambda rows, client: {"user": rows[User].email},
    "council:invitation": lambda rows, client: {"answer": "yes"},
    "council:calendar-make": _nothing,
    "council:calendar-revoke": _nothing,
}
