import pytest
from hypothesis import given

from backlog.scoring import explanation, score
from backlog.scoring.score import Axis, Model, Voices
from backlog.statistics.interval import Interval
from tests.backlog.scoring.test_score import (
    CRITERIA,
    EFFORT,
    MODEL,
    RESEARCH,
    SALES,
    SEATED,
    SUPPORT,
    assessed,
    everyone,
)


class TestExplain:
    def test_tells_what_each_criterion_adds_and_who_said_what(self) -> None:
        said = everyone(pain=5, fit=2)
        said["effort"] = {SALES: Interval(1, 2, 3)}

        explained = explanation.explain(MODEL, said, SEATED)

        pain, fit, effort = explained.parts
        assert explained.formula == "sqrt(impact * feasibility)"
        assert [pain.share, pain.points] == pytest.approx([2 / 3, 200 / 3])
        assert [fit.share, fit.points] == pytest.approx([1 / 3, 25 / 3])
        assert (effort.share, effort.points) == (1, 75)
        assert (pain.missing, effort.missing) == ((), (SUPPORT, RESEARCH))
        assert effort.voices[SALES] == Interval(1, 2, 3)
        assert effort.voices[SUPPORT] == Interval(1, None, 5)

    def test_a_criterion_nobody_spoke_on_adds_no_points(self) -> None:
        explained = explanation.explain(MODEL, everyone(pain=3), SEATED)

        assert [part.points for part in explained.parts] == [50, None, None]

    def test_a_criterion_on_an_axis_without_weight_has_no_share(self) -> None:
        idle = score.Criterion("idle", Axis.FEASIBILITY, EFFORT.scale, weight=0)
        model = Model.build([idle], "idle")

        (part,) = explanation.explain(model, everyone(idle=3), SEATED).parts

        assert (part.share, part.points) == (0, None)

    @given(assessed())
    def test_the_points_of_an_axis_sum_to_its_score(self, said: dict[str, Voices]) -> None:
        explained = explanation.explain(MODEL, said, SEATED)
        axes = {
            Axis.IMPACT: explained.scores.impact,
            Axis.FEASIBILITY: explained.scores.feasibility,
        }
        for axis, value in axes.items():
            parts = [each for each in explained.parts if each.criterion.axis == axis]
            points = [each.points for each in parts if each.points is not None]
            assert (sum(points) if points else None) == pytest.approx(value.middle)

    def test_the_department_whose_answer_narrows_most_comes_first(self) -> None:
        said = everyone(pain=4, fit=4, effort=2)
        said["fit"] = {SALES: Interval.point(4), RESEARCH: Interval.point(4)}
        said["pain"] = {SALES: Interval.point(4), SUPPORT: Interval.point(4)}

        wanted = explanation.explain(MODEL, said, SEATED).wanted

        assert [(each.department, each.criteria) for each in wanted] == [
            (RESEARCH, ("pain",)),
            (SUPPORT, ("fit",)),
        ]
        assert wanted[0].narrows_by > wanted[1].narrows_by > 0

    def test_nobody_is_wanted_when_everybody_has_spoken(self) -> None:
        said = everyone(pain=4, fit=4, effort=2)

        assert explanation.explain(MODEL, said, SEATED).wanted == ()

    @given(assessed())
    def test_wants_exactly_the_silent_and_says_the_same_scores(
        self, said: dict[str, Voices]
    ) -> None:
        explained = explanation.explain(MODEL, said, SEATED)

        silent = {
            department
            for department in SEATED
            if any(department not in said[criterion.key] for criterion in CRITERIA)
        }
        assert {each.department for each in explained.wanted} == silent
        assert all(each.narrows_by >= 0 for each in explained.wanted)
        assert explained.scores == score.score(MODEL, said, SEATED)
