"""What is sent to the routes of action items; see `test_sent_twice`."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from backlog.models import User
from council.models import Council
from tests.access.world import Rows

Body = dict[str, Any]
DAY = (timezone.now() + timedelta(days=9)).date().isoformat()
REASON: Body = {"reason": "Asked."}

BODIES: dict[str, Callable[[Rows], Body]] = {
    "action-item-list": lambda rows: {
        "council": rows[Council].pk,
        "title": "Ask",
        "owner": rows[User].email,
        "due_on": DAY,
    },
    "action-item-reopen": lambda rows: REASON,
    "action-item-cancel": lambda rows: REASON,
    "action-item-block": lambda rows: REASON,
    "action-item-claim-done": lambda rows: {"evidence": "See."},
    "action-item-put-off": lambda rows: {"due_on": DAY, **REASON},
    "action-item-help": lambda rows: {"helpers": [rows[User].email]},
}
FORMS: dict[str, Callable[[Rows, Client], Body]] = {
    "council:claim-action-item": lambda rows, client: {"evidence": "See."},
    "council:verify-action-item": lambda rows, client: {},
    "council:block-action-item": lambda rows, client: REASON,
    "council:unblock-action-item": lambda rows, client: {},
    "council:reopen-action-item": lambda rows, client: REASON,
    "council:put-off-action-item": lambda rows, client: {"due_on": DAY, **REASON},
    "council:help-action-item": lambda rows, client: {"helpers": rows[User].email},
    "council:cancel-action-item": lambda rows, client: REASON,
    "council:partner-action-item": lambda rows, client: {"partner": "Hanbit Bank"},
    "council:no-partner-action-item": lambda rows, client: {},
    "council:partner": lambda rows, client: {"act": "done", "evidence": "See."},
    "council:undo-action-item": lambda rows, client: {},
}
