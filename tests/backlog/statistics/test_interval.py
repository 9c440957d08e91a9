import operator
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.statistics import interval
from backlog.statistics.interval import Interval, Reason, UndefinedError
from tests.backlog.scoring.strategies import intervals, is_inside, narrower

Ours = Callable[[Interval, Interval], Interval]
Plain = Callable[[float, float], float]
Ends = st.SearchStrategy[float]

small = st.floats(-20, 20).map(lambda number: round(number, 2) + 0.0)
positive = st.floats(0.1, 20).map(lambda number: round(number, 2))
BINARY = [
    (operator.add, operator.add, small, small),
    (operator.sub, operator.sub, small, small),
    (operator.mul, operator.mul, small, small),
    (operator.truediv, operator.truediv, small, positive),
    (operator.truediv, operator.truediv, small, positive.map(operator.neg)),
    (operator.pow, operator.pow, positive, small),
    (interval.smallest, min, small, small),
    (interval.largest, max, small, small),
    (interval.is_less, operator.lt, small, small),
    (interval.is_at_most, operator.le, small, small),
]


class TestInterval:
    @pytest.mark.parametrize("numbers", [(2, None, 1), (1, 3, 2), (1, 0, 2), (1, float("nan"), 2)])
    def test_refuses_numbers_out_of_order(self, numbers: tuple[float, float | None, float]) -> None:
        with pytest.raises(ValueError, match="Not in order"):
            Interval(*numbers)

    def test_refuses_what_is_too_large_for_a_number(self) -> None:
        with pytest.raises(UndefinedError) as refusal:
            Interval.point(1e200) * Interval.point(1e200)
        assert refusal.value.reason == Reason.TOO_LARGE

    def test_moves_what_lies_outside_to_the_ends(self) -> None:
        assert Interval(0, 3, 9).within(1, 5) == Interval(1, 3, 5)
        assert Interval(6, 7, 9).within(1, 5) == Interval.point(5)
        assert Interval(-1, None, 0).within(1, 5) == Interval(1, None, 1)

    def test_knows_its_width(self) -> None:
        assert Interval(2, None, 5).width == 3


class TestArithmetic:
    @pytest.mark.parametrize(("ours", "plain", "first", "second"), BINARY)
    @given(data=st.data())
    def test_holds_the_result_of_every_pair_of_numbers(
        self, ours: Ours, plain: Plain, first: Ends, second: Ends, data: st.DataObject
    ) -> None:
        a = data.draw(intervals(first, known=True))
        b = data.draw(intervals(second, known=True))
        x, y = data.draw(st.floats(a.low, a.high)), data.draw(st.floats(b.low, b.high))

        result = ours(a, b)

        hair = 1e-9 * max(abs(result.low), abs(result.high), 1)
        assert result.low - hair <= plain(x, y) <= result.high + hair
        assert a.middle is not None
        assert b.middle is not None
        assert result.middle == pytest.approx(float(plain(a.middle, b.middle)))

    @pytest.mark.parametrize(("ours", "plain", "first", "second"), BINARY)
    @given(data=st.data())
    def test_never_widens_and_stays_defined_when_its_inputs_narrow(
        self, ours: Ours, plain: Plain, first: Ends, second: Ends, data: st.DataObject
    ) -> None:
        a, b = data.draw(intervals(first)), data.draw(intervals(second))
        wide = ours(a, b)

        narrow = ours(data.draw(narrower(a)), data.draw(narrower(b)))

        assert is_inside(narrow, wide, by=1e-9 * max(abs(wide.low), abs(wide.high)))

    def test_knows_no_middle_where_an_input_knows_none(self) -> None:
        assert Interval(1, None, 2) + Interval.point(1) == Interval(2, None, 3)
        assert -Interval(1, None, 2) == Interval(-2, None, -1)
        assert interval.square_root(Interval(4, None, 9)) == Interval(2, None, 3)

    @pytest.mark.parametrize(
        ("undefined", "reason"),
        [
            (lambda: Interval.point(1) / Interval.point(0), Reason.DIVISION_BY_ZERO),
            (lambda: Interval.point(1) / Interval(0, 3, 5), Reason.DIVISION_BY_ZERO),
            (lambda: Interval.point(1) / Interval(-1, 1, 1), Reason.DIVISION_BY_ZERO),
            (lambda: Interval.point(0) ** Interval.point(-1), Reason.DIVISION_BY_ZERO),
            (lambda: Interval.point(-2) ** Interval.point(0.5), Reason.POWER_OF_NEGATIVE),
            (lambda: Interval.point(1e9) ** Interval.point(1e9), Reason.TOO_LARGE),
            (lambda: interval.square_root(Interval(-1, 1, 4)), Reason.ROOT_OF_NEGATIVE),
            (
                lambda: interval.logarithm(Interval(0, 1, 2)),
                Reason.LOGARITHM_OF_ZERO_OR_LESS,
            ),
        ],
    )
    def test_refuses_what_is_undefined_anywhere_between_the_bounds(
        self, undefined: Callable[[], Interval], reason: Reason
    ) -> None:
        with pytest.raises(UndefinedError) as refusal:
            undefined()
        assert refusal.value.reason == reason

    def test_takes_roots_and_logarithms(self) -> None:
        assert interval.square_root(Interval(1, 4, 9)) == Interval(1, 2, 3)
        assert interval.logarithm(Interval.point(1)) == Interval.point(0)
        assert interval.largest(*map(Interval.point, (1, 3, 2))) == Interval.point(3)


class TestComparison:
    def test_is_certain_where_the_bounds_do_not_meet(self) -> None:
        assert interval.is_less(Interval(1, 2, 3), Interval(4, 5, 6)) == Interval.point(1)
        assert interval.is_less(Interval(4, 5, 6), Interval(1, 2, 3)) == Interval.point(0)

    def test_is_open_where_they_do_and_the_middle_has_its_own_answer(self) -> None:
        assert interval.is_less(Interval(1, 2, 5), Interval(4, 5, 6)) == Interval(0, 1, 1)

    def test_at_most_counts_the_equal(self) -> None:
        assert interval.is_at_most(Interval.point(2), Interval.point(2)) == Interval.point(1)
        assert interval.is_less(Interval.point(2), Interval.point(2)) == Interval.point(0)


class TestChoose:
    then, otherwise = Interval(1, 2, 3), Interval(7, 8, 9)

    @pytest.mark.parametrize(
        ("condition", "expected"),
        [
            (Interval.point(1), then),
            (Interval(-2, None, -1), then),
            (Interval.point(0), otherwise),
            (Interval(0, 1, 1), Interval(1, 2, 9)),
            (Interval(0, 0, 1), Interval(1, 8, 9)),
            (Interval(0, None, 1), Interval(1, None, 9)),
        ],
    )
    def test_takes_both_ways_where_the_condition_is_open(
        self, condition: Interval, expected: Interval
    ) -> None:
        assert interval.choose(condition, self.then, self.otherwise) == expected
