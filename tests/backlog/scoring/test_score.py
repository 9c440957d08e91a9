import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.scoring import score
from backlog.scoring.aggregate import Scale
from backlog.scoring.formula import FormulaError
from backlog.scoring.score import Axis, Criterion, Model, Scores, Voices
from backlog.statistics.interval import Interval
from tests.backlog.scoring.strategies import FIVE_POINTS, answers, is_inside, narrower, voices

SALES, SUPPORT, RESEARCH = 1, 2, 3
SEATED = [SALES, SUPPORT, RESEARCH]
PAIN = Criterion("pain", Axis.IMPACT, FIVE_POINTS, weight=2)
FIT = Criterion("fit", Axis.IMPACT, FIVE_POINTS, weight=1)
EFFORT = Criterion("effort", Axis.FEASIBILITY, FIVE_POINTS, direction=-1)
CRITERIA = [PAIN, FIT, EFFORT]
MODEL = Model.build(CRITERIA, "sqrt(impact * feasibility)")


def everyone(**values: float) -> dict[str, Voices]:
    return {
        key: {department: Interval.point(value) for department in SEATED}
        for key, value in values.items()
    }


@st.composite
def assessed(draw: st.DrawFn) -> dict[str, Voices]:
    some = st.dictionaries(st.sampled_from(SEATED), voices, max_size=3)
    return {criterion.key: draw(some) for criterion in CRITERIA}


class TestModel:
    @pytest.mark.parametrize("key", ["impact", "feasibility", "sqrt", "if", "고객", "pain"])
    def test_refuses_a_criterion_whose_name_is_taken(self, key: str) -> None:
        with pytest.raises(FormulaError) as refusal:
            Model.build([PAIN, Criterion(key, Axis.IMPACT, FIVE_POINTS)], "pain")
        assert refusal.value.code == "bad_name"

    def test_refuses_to_divide_by_an_effort_that_may_be_zero(self) -> None:
        effort = Criterion("effort", Axis.FEASIBILITY, Scale(0, 60), direction=-1)

        with pytest.raises(FormulaError) as refusal:
            Model.build([PAIN, effort], "pain / effort")
        assert refusal.value.code == "division_by_zero"

    @pytest.mark.parametrize("weight", [-1, float("nan"), float("inf")])
    def test_refuses_weights_that_are_none(self, weight: float) -> None:
        with pytest.raises(ValueError, match="Not a weight"):
            Criterion("pain", Axis.IMPACT, FIVE_POINTS, weight=weight)


class TestScore:
    def test_weighs_each_axis_and_takes_the_geometric_mean(self) -> None:
        scores = score.score(MODEL, everyone(pain=5, fit=2, effort=2), SEATED)

        assert scores.impact == Interval.point(75)
        assert scores.feasibility == Interval.point(75)
        assert scores.priority == Interval.point(75)
        assert scores.contested == 0

    def test_the_best_is_100_and_the_worst_is_0(self) -> None:
        assert score.score(MODEL, everyone(pain=5, fit=5, effort=1), SEATED).priority.low == 100
        assert score.score(MODEL, everyone(pain=1, fit=1, effort=5), SEATED).priority.high == 0

    def test_nothing_said_leaves_everything_possible(self) -> None:
        everything = Interval(0, None, 100)

        scores = score.score(MODEL, {}, SEATED)

        assert scores == Scores(everything, everything, everything, 0.0)

    def test_a_criterion_nobody_spoke_on_counts_in_the_bounds_only(self) -> None:
        scores = score.score(MODEL, everyone(pain=5, effort=1), SEATED)

        assert scores.impact.low == pytest.approx(200 / 3)
        assert (scores.impact.middle, scores.impact.high) == (100, 100)

    def test_a_department_without_a_seat_has_no_voice(self) -> None:
        said = everyone(pain=5, fit=5, effort=1)
        heckled = {key: {**voices, 99: Interval.point(3)} for key, voices in said.items()}

        assert score.score(MODEL, heckled, SEATED) == score.score(MODEL, said, SEATED)

    def test_an_axis_without_criteria_is_unknown(self) -> None:
        model = Model.build([PAIN], "pain * 10")

        scores = score.score(model, everyone(pain=4), SEATED)

        assert (scores.feasibility, scores.priority) == (Interval(0, None, 100), Interval.point(40))

    def test_a_criterion_without_weight_moves_no_axis_and_contests_nothing(self) -> None:
        idle = Criterion("idle", Axis.IMPACT, FIVE_POINTS, weight=0)
        model = Model.build([*CRITERIA, idle], "sqrt(impact * feasibility)")
        said = everyone(pain=5, fit=2, effort=2)
        quarrel = {"idle": {SALES: Interval.point(1), SUPPORT: Interval.point(5)}}

        assert score.score(model, said | quarrel, SEATED) == score.score(MODEL, said, SEATED)

    def test_is_as_contested_as_its_most_contested_criterion(self) -> None:
        said = everyone(pain=5, fit=2)
        said["effort"] = {SALES: Interval.point(1), SUPPORT: Interval.point(5)}

        assert score.score(MODEL, said, SEATED).contested == 100

    @given(assessed())
    def test_bounds_hold_the_middle_and_stay_on_the_axis(self, said: dict[str, Voices]) -> None:
        scores = score.score(MODEL, said, SEATED)
        for value in (scores.impact, scores.feasibility, scores.priority):
            assert 0 <= value.low <= value.high <= 100
            assert value.middle is None or value.low <= value.middle <= value.high

    @given(assessed(), st.sampled_from(CRITERIA), st.sampled_from(SEATED), voices)
    def test_one_more_assessment_never_widens(
        self, said: dict[str, Voices], criterion: Criterion, department: int, voice: Interval
    ) -> None:
        silent = {key: value for key, value in said[criterion.key].items() if key != department}
        before = score.score(MODEL, said | {criterion.key: silent}, SEATED)

        after = score.score(MODEL, said | {criterion.key: {**silent, department: voice}}, SEATED)

        for name in ("impact", "feasibility", "priority"):
            assert is_inside(getattr(after, name), getattr(before, name), by=1e-9)

    @given(st.data())
    def test_more_confidence_never_widens(self, data: st.DataObject) -> None:
        said = data.draw(assessed())
        surer = {
            key: {department: data.draw(narrower(voice)) for department, voice in each.items()}
            for key, each in said.items()
        }

        before, after = (score.score(MODEL, each, SEATED) for each in (said, surer))

        assert is_inside(after.priority, before.priority, by=1e-9)

    @given(assessed(), st.sampled_from(CRITERIA), answers, answers)
    def test_rises_with_what_is_good_and_falls_with_what_is_bad(
        self, said: dict[str, Voices], criterion: Criterion, one: float, other: float
    ) -> None:
        less, more = sorted([one, other])
        if criterion.direction == -1:
            less, more = more, less
        worse = score.score(MODEL, said | everyone(**{criterion.key: less}), SEATED).priority
        better = score.score(MODEL, said | everyone(**{criterion.key: more}), SEATED).priority

        assert better.low >= worse.low - 1e-9
        assert better.high >= worse.high - 1e-9
        if better.middle is not None and worse.middle is not None:
            assert better.middle >= worse.middle - 1e-9

    def test_is_the_same_after_a_larger_request_was_scored(self) -> None:
        reach = Criterion("reach", Axis.IMPACT, Scale(0, 1000))
        model = Model.build([reach], "impact")

        found = [
            score.score(model, everyone(reach=value), SEATED).priority.middle
            for value in (10, 900, 10)
        ]

        assert found == [1, 90, 1]
