from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from backlog import errors
from backlog.models import Measurement, Outcome, User
from backlog.operations import measurements
from tests.backlog.operations import events
from tests.factories import NOON
from tests.factories.backlog import OutcomeFactory

LATER = NOON + timedelta(days=7)
SHARES = {
    "before_n": 2400,
    "before_conversions": 98,
    "after_n": 2380,
    "after_conversions": 140,
}
MEANS = {
    "before_n": 120,
    "before_mean": Decimal("5.2"),
    "after_n": 130,
    "after_mean": Decimal("1.1"),
}


@pytest.fixture
def outcome(db: None) -> Outcome:
    made: Outcome = OutcomeFactory.create()
    return made


def measure(outcome: Outcome, **facts: Any) -> Measurement:
    return measurements.measure_outcome(
        outcome_id=outcome.pk, **({"by": None, "at": LATER} | facts)
    )


class TestMeasureOutcome:
    def test_keeps_the_figures_and_says_what_they_say(self, outcome: Outcome, mina: User) -> None:
        measured = Measurement.objects.get(pk=measure(outcome, by=mina, **SHARES).pk)

        assert (measured.outcome, measured.measured_by, measured.measured_at) == (
            outcome,
            mina,
            LATER,
        )
        assert (measured.design, measured.verdict) == ("before_after", "better")
        event = events.last()
        assert (event.subject_type, event.subject_id) == ("measurement", measured.pk)
        assert (event.request, event.actor) == (outcome.commitment.request, mina)
        assert event.data == {"outcome": outcome.pk, "verdict": "better"}

    def test_keeps_each_measuring_and_the_latest_counts(self, outcome: Outcome) -> None:
        measure(outcome, **SHARES)
        later = measure(outcome, **{**SHARES, "after_conversions": 99}, at=LATER + timedelta(1))

        assert outcome.measurements.latest_first().first() == later
        assert later.verdict == "no_real_change"
        assert outcome.measurements.count() == 2

    def test_changes_nothing_the_second_time(self, outcome: Outcome) -> None:
        once = measure(outcome, **SHARES)

        assert measure(outcome, **SHARES, at=LATER + timedelta(1)) == once
        assert events.kinds() == ["outcome.measured"]

    def test_knows_from_the_target_which_way_is_better(self, outcome: Outcome) -> None:
        outcome.commitment.baseline, outcome.commitment.target = Decimal(5), Decimal(1)
        outcome.commitment.save()

        assert measure(outcome, **SHARES).verdict == "worse"
        assert measure(outcome, **SHARES, is_less_better=False).verdict == "better"

    def test_compares_means_where_their_spread_is_known(self, outcome: Outcome) -> None:
        spreads = {"before_spread": Decimal(2), "after_spread": Decimal("0.5")}

        assert measure(outcome, **MEANS, **spreads, is_less_better=True).verdict == "better"

    def test_says_nothing_of_means_without_a_spread(self, outcome: Outcome) -> None:
        measured = measure(outcome, **MEANS)

        assert (measured.verdict, measured.difference) == ("untested", None)

    def test_measures_what_was_rolled_back_and_nothing_that_was_not_shipped(
        self, outcome: Outcome
    ) -> None:
        Outcome.objects.update(result="rolled_back")
        assert measure(outcome, **SHARES, is_less_better=True).verdict == "worse"

        undone = OutcomeFactory.create(result="not_delivered", shipped_at=None)
        with pytest.raises(errors.NothingShipped):
            measure(undone, **SHARES)

    def test_refuses_what_a_later_outcome_replaced(self, outcome: Outcome) -> None:
        Outcome.objects.update(is_current=False)

        with pytest.raises(errors.OutcomeReplaced):
            measure(outcome, **SHARES)

    @pytest.mark.parametrize(
        ("given", "changed", "field", "code"),
        [
            (SHARES, {"design": "guess"}, "design", "invalid"),
            (SHARES, {"before_n": 0}, "before_n", "empty_sample"),
            (SHARES, {"after_n": -1}, "after_n", "empty_sample"),
            (SHARES, {"before_conversions": 2401}, "before_conversions", "beyond_sample"),
            (SHARES, {"after_conversions": -1}, "after_conversions", "beyond_sample"),
            (SHARES, {"after_conversions": None}, "after_conversions", "blank"),
            (SHARES, {"after_spread": Decimal(1)}, "before_spread", "no_mean"),
            (SHARES, {"before_mean": Decimal(1)}, "before_conversions", "conversions_or_means"),
            (MEANS, {"before_mean": None}, "before_mean", "blank"),
            (MEANS, {"after_spread": Decimal(1)}, "before_spread", "blank"),
            (
                MEANS,
                {"before_spread": Decimal(-1), "after_spread": Decimal(1)},
                "before_spread",
                "negative",
            ),
            ({"before_n": 1, "after_n": 1}, {}, "before_conversions", "conversions_or_means"),
        ],
    )
    def test_refuses_figures_that_cannot_be(
        self,
        given: dict[str, Any],
        changed: dict[str, Any],
        field: str,
        code: str,
        outcome: Outcome,
    ) -> None:
        with pytest.raises(errors.Invalid) as refused:
            measure(outcome, **{**given, **changed})

        assert (refused.value.field, refused.value.code) == (field, code)
        assert not Measurement.objects.exists()
        assert not events.kinds()
