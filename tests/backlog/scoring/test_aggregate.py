import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.scoring import aggregate
from backlog.scoring.aggregate import Assessment, Confidence, Scale
from backlog.statistics.interval import Interval
from tests.backlog.scoring.strategies import FIVE_POINTS, assessments, is_inside, narrower, voices

HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW
SILENT = FIVE_POINTS.unknown


class TestScale:
    @pytest.mark.parametrize(
        "numbers",
        [(1, 1, 1), (5, 1, 1), (1, 5, 0), (1, 5, -1), (0, float("inf"), 1), (float("nan"), 5, 1)],
    )
    def test_refuses_ends_and_steps_that_are_none(
        self, numbers: tuple[float, float, float]
    ) -> None:
        with pytest.raises(ValueError, match="Not a scale"):
            Scale(*numbers)

    def test_knows_what_is_on_it(self) -> None:
        assert all(value in FIVE_POINTS for value in (1, 3.5, 5))
        assert not any(value in FIVE_POINTS for value in (0, 0.9, 5.1, math.nan))


class TestDepartmentValue:
    def test_is_the_median_of_its_members(self) -> None:
        said = [Assessment(1, HIGH), Assessment(4, HIGH), Assessment(5, HIGH)]

        assert aggregate.department_value(said, FIVE_POINTS) == Interval.point(4)

    @pytest.mark.parametrize(
        ("confidence", "expected"),
        [(HIGH, (3, 3, 3)), (MEDIUM, (2.5, 3, 3.5)), (LOW, (2, 3, 4))],
    )
    def test_doubt_widens_it_by_nothing_half_a_step_or_a_step(
        self, confidence: Confidence, expected: tuple[float, float, float]
    ) -> None:
        value = aggregate.department_value([Assessment(3, confidence)], FIVE_POINTS)

        assert value == Interval(*expected)

    def test_doubt_is_measured_in_steps_of_the_scale(self) -> None:
        reach = Scale(0, 10_000, 100)

        assert aggregate.department_value([Assessment(500, LOW)], reach) == Interval(400, 500, 600)

    def test_stays_on_the_scale(self) -> None:
        assert aggregate.department_value([Assessment(5, LOW)], FIVE_POINTS) == Interval(4, 5, 5)
        assert aggregate.department_value([Assessment(9, HIGH)], FIVE_POINTS) == Interval.point(5)

    def test_without_members_it_could_say_anything(self) -> None:
        assert aggregate.department_value([], FIVE_POINTS) == Interval(1, None, 5)

    @given(st.lists(assessments, min_size=1, max_size=7))
    def test_more_confidence_never_widens(self, said: list[Assessment]) -> None:
        surer = {LOW: MEDIUM, MEDIUM: HIGH, HIGH: HIGH}
        more = [Assessment(each.value, surer[each.confidence]) for each in said]

        before = aggregate.department_value(said, FIVE_POINTS)
        after = aggregate.department_value(more, FIVE_POINTS)

        assert is_inside(after, before)
        assert after.middle == before.middle


class TestCriterionValue:
    def test_each_department_is_one_voice_whatever_its_size(self) -> None:
        many = aggregate.department_value([Assessment(5, HIGH)] * 50, FIVE_POINTS)
        one = aggregate.department_value([Assessment(1, HIGH)], FIVE_POINTS)

        assert aggregate.criterion_value([many, one], FIVE_POINTS) == Interval.point(3)

    def test_a_silent_department_counts_in_the_bounds_and_not_in_the_middle(self) -> None:
        value = aggregate.criterion_value([Interval.point(4), SILENT], FIVE_POINTS)

        assert value == Interval(2.5, 4, 4.5)

    def test_nobody_heard_leaves_the_whole_scale(self) -> None:
        assert aggregate.criterion_value([SILENT, SILENT], FIVE_POINTS) == SILENT
        assert aggregate.criterion_value([], FIVE_POINTS) == SILENT

    def test_a_voice_from_another_scale_is_moved_onto_this_one(self) -> None:
        said = [Interval.point(80), Interval.point(1)]

        assert aggregate.criterion_value(said, FIVE_POINTS) == Interval.point(3)

    @given(st.lists(voices, max_size=6), st.integers(1, 6), voices)
    def test_one_more_department_heard_never_widens(
        self, heard: list[Interval], silent: int, voice: Interval
    ) -> None:
        before = aggregate.criterion_value([*heard, *[SILENT] * silent], FIVE_POINTS)
        after = aggregate.criterion_value([*heard, voice, *[SILENT] * (silent - 1)], FIVE_POINTS)

        assert is_inside(after, before, by=1e-12)

    @given(st.data())
    def test_a_surer_department_never_widens(self, data: st.DataObject) -> None:
        heard = data.draw(st.lists(voices, min_size=1, max_size=6))
        surer = [data.draw(narrower(voice)) for voice in heard]

        before = aggregate.criterion_value(heard, FIVE_POINTS)
        after = aggregate.criterion_value(surer, FIVE_POINTS)

        assert is_inside(after, before, by=1e-12)


class TestContested:
    @pytest.mark.parametrize(
        ("middles", "expected"),
        [([], 0), ([5], 0), ([3, 3, 3], 0), ([1, 5], 100), ([1, 1, 5, 5], 100), ([2, 4], 50)],
    )
    def test_runs_from_agreement_to_two_camps(self, middles: list[float], expected: float) -> None:
        said = [Interval.point(middle) for middle in middles]

        assert aggregate.contested([*said, SILENT], FIVE_POINTS) == pytest.approx(expected)

    def test_one_dissenter_among_many_is_seen(self) -> None:
        said = [*[Interval.point(5)] * 5, Interval.point(1)]

        assert aggregate.contested(said, FIVE_POINTS) == pytest.approx(74.5, abs=0.1)

    @given(st.lists(voices, max_size=8))
    def test_stays_between_0_and_100(self, said: list[Interval]) -> None:
        assert 0 <= aggregate.contested(said, FIVE_POINTS) <= 100
