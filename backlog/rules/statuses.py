"""Which status leads to which, and what it takes to get there."""

from enum import StrEnum
from typing import Final


class Cause(StrEnum):
    """What moves a request. All but OVERRIDE are consequences of something on record."""

    ASSESSMENT = "assessment"
    DECISION = "decision"
    COMMITMENT = "commitment"
    WITHDRAWAL = "withdrawal"
    SPRINT_START = "sprint_start"
    OUTCOME = "outcome"
    CONFIRMATION = "confirmation"
    DISPUTE = "dispute"
    OVERRIDE = "override"


UNDECIDED: Final = frozenset({"new", "under_review", "approved", "deferred", "declined"})
LIVING: Final = UNDECIDED | {"planned", "in_progress", "delivered", "verified"}

_WAYS: Final[dict[Cause, dict[str, frozenset[str]]]] = {
    Cause.ASSESSMENT: {"under_review": frozenset({"new"})},
    Cause.DECISION: {
        "approved": UNDECIDED,
        "deferred": UNDECIDED,
        "declined": UNDECIDED,
        "under_review": UNDECIDED,
    },
    Cause.COMMITMENT: {
        "planned": frozenset({"approved"}),
        "in_progress": frozenset({"approved"}),
    },
    Cause.WITHDRAWAL: {"approved": frozenset({"planned", "in_progress"})},
    Cause.SPRINT_START: {"in_progress": frozenset({"planned"})},
    Cause.OUTCOME: {
        "delivered": frozenset({"in_progress"}),
        "approved": frozenset({"in_progress", "delivered", "verified"}),
    },
    Cause.CONFIRMATION: {"verified": frozenset({"delivered"})},
    Cause.DISPUTE: {"under_review": frozenset({"delivered", "verified"})},
    Cause.OVERRIDE: dict.fromkeys(LIVING, LIVING),
}


def may_become(before: str, after: str, cause: Cause) -> bool:
    """Whether this cause leads from one status to the other."""
    return before in _WAYS[cause].get(after, frozenset())
