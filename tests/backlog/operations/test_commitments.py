"""Editing what is expected of a request in a sprint: nobody moves the goal afterwards."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from backlog import errors
from backlog.models import Commitment, Sprint, User
from backlog.operations import commitments
from tests.backlog.operations import events
from tests.factories import NOON
from tests.factories.backlog import CommitmentFactory, OutcomeFactory, SprintFactory

TERMS: dict[str, Any] = {
    "hypothesis": "Fewer screens, fewer drop-outs.",
    "measure": "drop-outs",
    "baseline": Decimal("0.31"),
    "target": Decimal("0.2"),
    "is_pilot": False,
}
MOVED_GOALS: list[dict[str, Any]] = [
    {"measure": "calls"},
    {"baseline": Decimal("0.5")},
    {"baseline": None},
    {"target": Decimal("0.3")},
    {"is_pilot": True},
]


@pytest.fixture
def commitment(db: None) -> Commitment:
    made: Commitment = CommitmentFactory.create(**TERMS)
    return made


def edit(commitment: Commitment, **changes: Any) -> Commitment:
    return commitments.edit_commitment(commitment_id=commitment.pk, by=None, at=NOON, **changes)


def terms_of(commitment: Commitment) -> dict[str, Any]:
    row = Commitment.objects.get(pk=commitment.pk)
    return {name: getattr(row, name) for name in TERMS}


def close(sprint: Sprint) -> None:
    sprint.status, sprint.started_at, sprint.closed_at = "closed", NOON, NOON
    sprint.save()


class TestEditCommitment:
    def test_changes_what_is_named_and_nothing_else(
        self, commitment: Commitment, mina: User
    ) -> None:
        changes: dict[str, Any] = {"target": Decimal(10), "baseline": None, "is_pilot": True}

        commitments.edit_commitment(commitment_id=commitment.pk, by=mina, at=NOON, **changes)

        assert terms_of(commitment) == TERMS | changes
        event = events.last()
        assert (event.kind, event.actor, event.at) == ("commitment.edited", mina, NOON)
        assert (event.request, event.subject_id) == (commitment.request, commitment.pk)

    def test_records_what_it_was_and_what_it_is(self, commitment: Commitment) -> None:
        edit(commitment, hypothesis="Fewer taps.", measure="drop-outs", target=Decimal("100"))

        assert events.last().data == {
            "changed": ["hypothesis", "target"],
            "before": {"hypothesis": TERMS["hypothesis"], "target": "0.2"},
            "after": {"hypothesis": "Fewer taps.", "target": "100"},
        }

    def test_records_the_same_edit_once(self, commitment: Commitment) -> None:
        for _twice in range(2):
            edited = edit(commitment, target=Decimal("0.1500"))

        assert (edited.target, edited.version) == (Decimal("0.15"), 2)
        assert events.kinds() == ["commitment.edited"]

    @pytest.mark.parametrize("changes", [{}, TERMS])
    def test_records_nothing_when_nothing_changes(
        self, commitment: Commitment, changes: dict[str, Any]
    ) -> None:
        assert edit(commitment, **changes).version == 1
        assert events.kinds() == []

    def test_is_for_sprints_that_run_as_well(self, db: None) -> None:
        running = SprintFactory.create(status="active", started_at=NOON)
        edited = edit(CommitmentFactory.create(sprint=running), measure="calls")
        assert edited.measure == "calls"

    def test_refuses_what_was_withdrawn(self, commitment: Commitment) -> None:
        Commitment.objects.update(withdrawn_at=NOON)
        with pytest.raises(errors.CommitmentWithdrawn):
            edit(commitment, hypothesis="Fewer taps.")
        assert (terms_of(commitment), events.kinds()) == (TERMS, [])

    def test_refuses_a_closed_sprint(self, commitment: Commitment) -> None:
        close(commitment.sprint)
        with pytest.raises(errors.SprintClosed, match=commitment.sprint.name):
            edit(commitment, hypothesis="Fewer taps.")
        assert (terms_of(commitment), events.kinds()) == (TERMS, [])

    @pytest.mark.parametrize("moved", MOVED_GOALS, ids=str)
    def test_refuses_to_move_the_goal_once_an_outcome_is_on_record(
        self, commitment: Commitment, moved: dict[str, Any]
    ) -> None:
        OutcomeFactory.create(commitment=commitment)
        with pytest.raises(errors.OutcomeOnRecord, match=commitment.request.key):
            edit(commitment, hypothesis="Fewer taps.", **moved)
        assert (terms_of(commitment), events.kinds()) == (TERMS, [])

    def test_refuses_to_move_the_goal_of_what_was_rolled_back(self, commitment: Commitment) -> None:
        earlier = OutcomeFactory.create(commitment=commitment, is_current=False)
        OutcomeFactory.create(commitment=commitment, result="rolled_back", replaces=earlier)
        with pytest.raises(errors.OutcomeOnRecord):
            edit(commitment, target=Decimal("0.3"))

    def test_still_words_the_hypothesis_anew_after_an_outcome(self, commitment: Commitment) -> None:
        OutcomeFactory.create(commitment=commitment)
        edit(commitment, **(TERMS | {"hypothesis": "Fewer taps."}))
        assert terms_of(commitment) == TERMS | {"hypothesis": "Fewer taps."}
        assert events.last().data["changed"] == ["hypothesis"]

    def test_refuses_a_version_that_is_not_the_one_it_has(self, commitment: Commitment) -> None:
        edit(commitment, version=1, measure="calls")
        with pytest.raises(errors.VersionConflict, match=commitment.request.key) as refused:
            edit(commitment, version=1, measure="visits")
        assert refused.value.details == {"version": 2}
        assert terms_of(commitment)["measure"] == "calls"

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"measure": "x" * 201}, ValidationError),
            ({"baseline": Decimal("NaN")}, ValidationError),
            ({"target": Decimal(10**13)}, ValidationError),
            ({"hypothesis": "\x00"}, errors.UnstorableText),
        ],
    )
    def test_refuses_terms_that_are_not_valid(
        self, commitment: Commitment, changes: dict[str, Any], refusal: type[Exception]
    ) -> None:
        with pytest.raises(refusal):
            edit(commitment, **changes)
        assert (terms_of(commitment), events.kinds()) == (TERMS, [])
