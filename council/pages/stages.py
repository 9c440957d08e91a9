"""The picture of a request's line: each stage with its date, and the panel that tells of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from backlog.models import Commitment, CustomerRequest
from council.models import Decision
from council.pages.request_panels import Answers, Asking, Told
from council.rules import stages as rules
from council.rules.stages import Stage, State

LABELS: Final[Mapping[Stage, StrOrPromise]] = {
    Stage.WORDS: _("Words"),
    Stage.REQUEST: _("Request"),
    Stage.SCORED: _("Scored"),
    Stage.DECIDED: _("Decided"),
    Stage.SPRINT: _("In a sprint"),
    Stage.SHIPPED: _("Shipped"),
    Stage.TOLD: _("Told"),
    Stage.ANSWERED: _("Answered"),
}
STATES: Final[Mapping[State, StrOrPromise]] = {
    State.DONE: _("done"),
    State.PRESENT: _("now"),
    State.AHEAD: _("not yet"),
    State.EARLIER: _("in an earlier round"),
    State.SKIPPED: _("passed by"),
}
PANELS: Final[Mapping[Stage, str]] = {
    Stage.WORDS: "words",
    Stage.REQUEST: "problem",
    Stage.SCORED: "scores",
    Stage.DECIDED: "decisions",
    Stage.SPRINT: "delivery",
    Stage.SHIPPED: "delivery",
    Stage.TOLD: "told",
    Stage.ANSWERED: "answers",
}


@dataclass(frozen=True, slots=True)
class Stop:
    """A stage as the page shows it; without a day where the request has not come to it."""

    stage: Stage
    state: State
    on: datetime | None

    @property
    def label(self) -> StrOrPromise:
        return LABELS[self.stage]

    @property
    def state_label(self) -> StrOrPromise:
        return STATES[self.state]

    @property
    def panel(self) -> str:
        return PANELS[self.stage]

    @property
    def is_present(self) -> bool:
        return self.state == State.PRESENT


def stops(
    row: CustomerRequest,
    *,
    asking: Asking,
    decisions: list[Decision],
    commitments: list[Commitment],
    told: Told,
    answers: Answers,
) -> list[Stop]:
    """From what the page has loaded anyway."""
    live = [each.committed_at for each in commitments if each.withdrawn_at is None]
    shipped = [
        outcome.shipped_at
        for each in commitments
        for outcome in each.outcomes.all()
        if outcome.is_current and outcome.shipped_at is not None
    ]
    known = {
        Stage.WORDS: asking.first_at,
        Stage.REQUEST: row.opened_at,
        Stage.SCORED: row.scored_at if row.priority is not None else None,
        Stage.DECIDED: decisions[0].decided_at if decisions else None,
        Stage.SPRINT: max(live, default=None),
        Stage.SHIPPED: max(shipped, default=None),
        Stage.TOLD: told.last_at,
        Stage.ANSWERED: answers.last_at,
    }
    reached = {stage: on for stage, on in known.items() if on is not None}
    states = rules.states(row.status, reached, since=row.status_changed_at)
    return [
        Stop(stage, state, reached.get(stage) or _since(row, state))
        for stage, state in states.items()
    ]


def _since(row: CustomerRequest, state: State) -> datetime | None:
    """A request may be where it is without anything on record that brought it there."""
    return row.status_changed_at if state == State.PRESENT else None
