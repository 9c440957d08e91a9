"""What the forms of a decision are sent; `test_sent_twice` has all others."""

from collections.abc import Callable
from typing import Any, Final

from django.test import Client

from council.models import Decision
from tests.access.world import Rows

FORMS: Final[dict[str, Callable[[Rows, Client], dict[str, Any]]]] = {
    "council:amend-decision": lambda rows, client: {
        "what_changed": "Later.",
        "rationale": "Wait.",
    },
    "council:correct-decision": lambda rows, client: {
        "what_changed": "Heard wrongly.",
        "verdict": rows[Decision].verdict,
        "rationale": "Wait.",
    },
    "council:retire-decision": lambda rows, client: {"reason": "Asked."},
    "council:review-decision": lambda rows, client: {"words": "So.", "conclusion": "stands"},
    "council:supersede-decision": lambda rows, client: {
        "verdict": "decline",
        "rationale": "Nobody asks.",
    },
}
