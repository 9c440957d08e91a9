"""Where a request stands on its line, from customers' words to their answers."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final


class Stage(StrEnum):
    """In the order in which a request comes to them."""

    WORDS = "words"
    REQUEST = "request"
    SCORED = "scored"
    DECIDED = "decided"
    SPRINT = "sprint"
    SHIPPED = "shipped"
    TOLD = "told"
    ANSWERED = "answered"


class State(StrEnum):
    """How a stage stands to the present one. What was reached before the request came back, for
    another round, is `EARLIER`; what it passed by, or will not come to, is `SKIPPED`.
    """

    DONE = "done"
    PRESENT = "present"
    AHEAD = "ahead"
    EARLIER = "earlier"
    SKIPPED = "skipped"


_BY_STATUS: Final[Mapping[str, Stage]] = {
    "new": Stage.REQUEST,
    "under_review": Stage.SCORED,
    "approved": Stage.DECIDED,
    "deferred": Stage.DECIDED,
    "declined": Stage.DECIDED,
    "planned": Stage.SPRINT,
    "in_progress": Stage.SPRINT,
    "delivered": Stage.SHIPPED,
    "verified": Stage.ANSWERED,
    "merged": Stage.REQUEST,
}
# What was told and answered since then is of this round.
_ENDED: Final = frozenset({"deferred", "declined", "delivered"})
_NOT_BUILT: Final = (Stage.SPRINT, Stage.SHIPPED)


def present(status: str, reached: Mapping[Stage, datetime], *, since: datetime) -> Stage:
    """The furthest stage of this round, which began or went on with the status, `since` then."""
    stage = _BY_STATUS[status]
    if status in _ENDED:
        for later in (Stage.TOLD, Stage.ANSWERED):
            if later in reached and reached[later] >= since:
                stage = later
    return stage


def states(
    status: str, reached: Mapping[Stage, datetime], *, since: datetime
) -> dict[Stage, State]:
    """Every stage in order, each with how it stands; exactly one is the present one."""
    here = present(status, reached, since=since)
    order = list(Stage)
    return {
        stage: _state(stage, order.index(stage) - order.index(here), status, reached)
        for stage in order
    }


def _state(stage: Stage, beyond: int, status: str, reached: Mapping[Stage, datetime]) -> State:
    if beyond == 0:
        return State.PRESENT
    if stage in reached:
        return State.DONE if beyond < 0 else State.EARLIER
    is_over = status == "merged" or (status == "declined" and stage in _NOT_BUILT)
    return State.AHEAD if beyond > 0 and not is_over else State.SKIPPED


_PHASES: Final[Mapping[str, Stage]] = {
    "feedback.": Stage.WORDS,
    "evidence.": Stage.WORDS,
    "request.opened": Stage.REQUEST,
    "request.edited": Stage.REQUEST,
    "request.step_set": Stage.REQUEST,
    "request.assessed": Stage.SCORED,
    "request.moved": Stage.SCORED,
    "agenda_item.": Stage.DECIDED,
    "ballot.": Stage.DECIDED,
    "decision.": Stage.DECIDED,
    "action_item.": Stage.DECIDED,
    "request.committed": Stage.SPRINT,
    "commitment.": Stage.SPRINT,
    "sprint.": Stage.SPRINT,
    "outcome.recorded": Stage.SHIPPED,
    "outcome.measured": Stage.SHIPPED,
    "outcome.": Stage.TOLD,
    "status_update.": Stage.TOLD,
    "obligation.": Stage.TOLD,
    "notice.": Stage.TOLD,
    "customer.told": Stage.TOLD,
    "reply.": Stage.ANSWERED,
}


def phase_of(kind: str) -> Stage | None:
    """To which stage an event belongs; None where to that of whatever led to it."""
    family = kind.partition(".")[0] + "."
    return _PHASES.get(kind) or _PHASES.get(family)
