"""The council's kinds of events: what each may hold, and who may read it."""

from collections.abc import Mapping
from typing import Final

from backlog.rules.events import Rule, a_code, a_number, an_id, codes, ids

_ACTION: Final = {"council": an_id, "owner": an_id}

RULES: Final[Mapping[str, Rule]] = {
    "action_item.assigned": Rule(_ACTION),
    "action_item.cancelled": Rule(_ACTION, has_reason=True),
    "action_item.claimed_done": Rule(_ACTION),
    "action_item.reopened": Rule(_ACTION, has_reason=True),
    "action_item.verified": Rule(_ACTION),
    "agenda_item.added": Rule({"meeting": an_id}),
    "agenda_item.withdrawn": Rule(has_reason=True),
    "council.edited": Rule({"changed": codes}),
    "council.founded": Rule(),
    "decision.recorded": Rule(
        {"council": an_id, "verdict": a_code, "supersedes": an_id, "seal": a_number}
    ),
    "meeting.cancelled": Rule(has_reason=True),
    "meeting.ended": Rule({"deferred": ids}),
    "meeting.opened": Rule(),
    "meeting.scheduled": Rule({"council": an_id}),
    "seat.added": Rule({"council": an_id}),
    "seat.filled": Rule({"term": an_id, "user": an_id}),
    "seat.vacated": Rule({"term": an_id}),
}
