"""What is expected as figures: put to the vote or said with the decision, sealed, and kept so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from backlog.errors import Invalid
from backlog.models import CustomerRequest, User
from council.models import Ballot, Council, Decision, Prediction
from council.operations import ballots, decisions
from council.queries import seals as seal_queries
from council.rules.predictions import Expected
from tests.council.operations.voting import BUILD, LATER, SMALLER, close, say
from tests.factories import NOON
from tests.factories.backlog import EventFactory

SOON = (NOON + timedelta(days=60)).date()
FEWER = Expected("returns a week", Decimal(40), Decimal(25), SOON, 70)


@pytest.fixture
def decision(council: Council, pay_faster: CustomerRequest, sora: User) -> Decision:
    """Without a ballot."""
    return decisions.record_decision(
        council_id=council.pk,
        request_id=pay_faster.pk,
        verdict="approve",
        rationale="Many asked.",
        predictions=[FEWER],
        by=sora,
        at=NOON,
    )


def damage_of(council: Council) -> str | None:
    found = seal_queries.find_break(council)
    return found.damage if found else None


class TestPredict:
    def test_is_said_with_a_decision_without_a_ballot(self, decision: Decision, sora: User) -> None:
        kept = decision.predictions.get()

        assert kept.expected == FEWER
        assert (kept.predicted_by, kept.predicted_at, kept.result) == (sora, NOON, "")

    def test_without_another_day_it_is_looked_at_once_all_can_be_told(
        self, decision: Decision
    ) -> None:
        assert (decision.review_on, decision.next_review_on) == (None, SOON)

    def test_goes_from_the_ballot_to_the_decision_and_nobody_types_it_twice(
        self, put: Callable[..., Ballot], members: list[User], sora: User
    ) -> None:
        ballot = put(replace(BUILD, predictions=[FEWER]))
        for member in members:
            say(ballot, member, "yes")
        close(ballot, sora)

        recorded = decisions.record_by_ballot(ballot_id=ballot.pk, by=sora, at=LATER)

        kept = recorded.predictions.get()
        assert kept.expected == FEWER
        assert (kept.predicted_by, kept.predicted_at) == (ballot.opened_by, NOON)

    def test_other_figures_are_another_proposal(
        self, put: Callable[..., Ballot], sora: User
    ) -> None:
        ballot = put(replace(SMALLER, predictions=[FEWER]))
        surer = replace(SMALLER, predictions=[replace(FEWER, probability=90)])

        amended = ballots.amend_ballot(ballot_id=ballot.pk, proposal=surer, by=sora, at=NOON)

        assert amended.amends == ballot
        assert (ballot.expected[0].probability, amended.expected[0].probability) == (70, 90)

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"measure": " "}, "blank"),
            ({"target": Decimal(40)}, "unchanged"),
            ({"due_on": NOON.date()}, "in_the_past"),
            ({"probability": 100}, "invalid"),
            ({"probability": 0}, "invalid"),
            ({"baseline": Decimal("1.00001")}, "too_large"),
            ({"baseline": Decimal(10) ** 12}, "too_large"),
        ],
    )
    def test_refuses_what_nobody_could_be_held_to(
        self, put: Callable[..., Ballot], changes: dict[str, object], code: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            put(replace(BUILD, predictions=[replace(FEWER, **changes)]))  # type: ignore[arg-type]

        assert refused.value.code == code
        assert not Ballot.objects.exists()

    def test_refuses_one_measure_twice_for_a_day(self, put: Callable[..., Ballot]) -> None:
        with pytest.raises(Invalid):
            put(replace(BUILD, predictions=[FEWER, replace(FEWER, probability=20)]))

    def test_refuses_more_than_anybody_looks_at(self, put: Callable[..., Ballot]) -> None:
        several = [replace(FEWER, measure=f"measure {n}") for n in range(4)]

        with pytest.raises(Invalid):
            put(replace(BUILD, predictions=several))


class TestSeal:
    @pytest.mark.parametrize(
        "change",
        [{"target": 30}, {"probability": 10}, {"measure": "calls"}, {"baseline": 39}],
        ids=lambda change: next(iter(change)),
    )
    def test_names_what_was_changed_afterwards(
        self, council: Council, decision: Decision, change: dict[str, object]
    ) -> None:
        assert damage_of(council) is None

        Prediction.objects.update(**change)

        assert damage_of(council) == "prediction_changed"

    def test_says_which_figure_it_is(self, council: Council, decision: Decision) -> None:
        Prediction.objects.update(target=30)

        found = seal_queries.find_break(council)
        assert found is not None
        assert found.record.endswith(f" {decision.predictions.get().pk}")

    def test_names_what_was_put_in_or_taken_out(self, council: Council, decision: Decision) -> None:
        kept = decision.predictions.get()
        kept.delete()
        assert damage_of(council) == "prediction_changed"

    def test_holds_when_somebody_says_what_came_of_it(
        self, council: Council, decision: Decision
    ) -> None:
        Prediction.objects.update(result="hit", actual=24)

        assert damage_of(council) is None

    def test_holds_once_somebody_named_in_it_was_forgotten_on_record(
        self, council: Council, decision: Decision
    ) -> None:
        Prediction.objects.update(measure="calls of […]", salt="")
        assert damage_of(council) == "prediction_changed"

        kept = decision.predictions.get()
        EventFactory.create(
            kind="text.redacted", request=None, subject_type="prediction", subject_id=kept.pk
        )

        assert damage_of(council) is None

    def test_names_a_ballot_whose_figures_were_changed(
        self, council: Council, put: Callable[..., Ballot], members: list[User], sora: User
    ) -> None:
        ballot = put(replace(BUILD, predictions=[FEWER]))
        for member in members:
            say(ballot, member, "yes")
        close(ballot, sora)
        assert damage_of(council) is None

        surer = [replace(FEWER, probability=99).as_json()]
        Ballot.objects.filter(pk=ballot.pk).update(predictions=surer)

        assert damage_of(council) == "ballot_changed"
