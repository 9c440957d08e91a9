"""What the forms of members are sent: before a meeting, between meetings, and stepping aside."""

from collections.abc import Callable
from typing import Any, Final

from django.test import Client

from council.models import AgendaItem
from tests.access.world import Rows
from tests.factories import council

Body = dict[str, Any]
REASON: Final[Body] = {"reason": "Asked."}


def _nothing(rows: Rows, client: Client) -> Body:
    return {}


def _by_deadline(rows: Rows, client: Client) -> Body:
    """To a meeting that has not got the request on its agenda yet."""
    of_council = rows[AgendaItem].meeting.council
    meeting = council.MeetingFactory.create(council=of_council)
    return {
        "meeting": meeting.pk,
        "proposal": "Build it.",
        "verdict": "approve",
        "closes_at": "2099-01-01T10:00",
    }


FORMS: Final[dict[str, Callable[[Rows, Client], Body]]] = {
    "council:room-step-aside": lambda rows, client: {"item": rows[AgendaItem].pk, **REASON},
    "council:room-come-back": lambda rows, client: {"item": rows[AgendaItem].pk},
    "council:ballot-answer": lambda rows, client: {"answer": "yes"},
    "council:ballot-amend": lambda rows, client: {"proposal": "Build half.", "verdict": "pilot"},
    "council:ballot-withdraw": lambda rows, client: REASON,
    "council:ballot-record": _nothing,
    "council:ballot-remind": _nothing,
    "council:ballot-step-aside": lambda rows, client: REASON,
    "council:ballot-come-back": _nothing,
    "council:open-ballot": _by_deadline,
    "council:remind": _nothing,
    "council:read-item": _nothing,
    "council:unread-item": _nothing,
}
