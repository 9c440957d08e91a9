"""What is sent to the routes of decisions; see `test_sent_twice`."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from backlog.models import CustomerRequest
from council.models import Council, Decision
from tests.access.world import Rows

Body = dict[str, Any]
DAY = (timezone.now() + timedelta(days=9)).date().isoformat()
REASON: Body = {"reason": "Asked."}

BODIES: dict[str, Callable[[Rows], Body]] = {
    "decision-list": lambda rows: {
        "council": rows[Council].pk,
        "request": rows[CustomerRequest].pk,
        "verdict": "defer",
        "rationale": "Later.",
        "review_on": DAY,
    },
    "decision-amend": lambda rows: {"what_changed": "Later.", "conditions": "Wait."},
    "decision-correct": lambda rows: {"what_changed": "Heard wrongly.", "conditions": "Wait."},
    "decision-retire": lambda rows: REASON,
    "decision-supersede": lambda rows: {"verdict": "decline", "rationale": "Nobody asks."},
    "decision-review": lambda rows: {"words": "It came true.", "conclusion": "stands"},
}
FORMS: dict[str, Callable[[Rows, Client], Body]] = {
    "council:amend-decision": lambda rows, client: {
        "what_changed": "Later.",
        "rationale": "Wait.",
    },
    "council:correct-decision": lambda rows, client: {
        "what_changed": "Heard wrongly.",
        "verdict": rows[Decision].verdict,
        "rationale": "Wait.",
    },
    "council:retire-decision": lambda rows, client: REASON,
    "council:supersede-decision": lambda rows, client: {
        "verdict": "decline",
        "rationale": "Nobody asks.",
    },
    "council:review-decision": lambda rows, client: {
        "words": "It came true.",
        "conclusion": "stands",
    },
}
