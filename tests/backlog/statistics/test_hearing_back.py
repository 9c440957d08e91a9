from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.statistics import hearing_back


def days(*numbers: float) -> list[timedelta]:
    return [timedelta(days=number) for number in numbers]


waits = st.lists(st.integers(0, 50).map(lambda number: timedelta(days=number)), max_size=30)


class TestClosureRate:
    def test_is_the_share_of_those_who_asked(self) -> None:
        rate = hearing_back.closure_rate(told=45, asked=50)

        assert rate is not None
        assert (rate.n, rate.percent.middle) == (50, 90)

    def test_has_no_value_where_nobody_asked(self) -> None:
        assert hearing_back.closure_rate(told=0, asked=0) is None

    def test_refuses_more_told_than_asked(self) -> None:
        with pytest.raises(ValueError, match="3 of 2"):
            hearing_back.closure_rate(told=3, asked=2)


class TestTimeToHearBack:
    def test_says_by_when_half_and_nine_in_ten_were_told(self) -> None:
        found = hearing_back.time_to_hear_back(told=days(*range(1, 11)), waiting=[])

        assert (found.told, found.waiting) == (10, 0)
        assert [found.median, found.ninetieth] == days(5, 9)

    def test_those_who_wait_make_it_longer(self) -> None:
        found = hearing_back.time_to_hear_back(told=days(1, 2, 3), waiting=days(30, 30))

        assert found.median == timedelta(days=3)
        assert found.ninetieth is None

    def test_those_who_asked_just_now_change_little(self) -> None:
        told = days(*range(1, 11))

        assert hearing_back.time_to_hear_back(told=told, waiting=days(0, 0)).median == timedelta(
            days=5
        )

    def test_follows_the_estimate_by_hand(self) -> None:
        # Unheard after day 1: 4/5; after 3, with one gone on day 2: 4/5 · 2/3; after 4: · 1/2.
        found = hearing_back.time_to_hear_back(told=days(1, 3, 4), waiting=days(2, 5))

        assert found.median == timedelta(days=4)

    def test_says_between_which_times_it_lies(self) -> None:
        # The textbook trial of 6-MP against a placebo (Freireich 1963), as statistics packages
        # give it with log-log limits: 23 weeks (13 to unknown) and 8 weeks (4 to 11).
        drug = hearing_back.time_to_hear_back(
            told=days(6, 6, 6, 7, 10, 13, 16, 22, 23),
            waiting=days(6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35),
        )
        placebo = hearing_back.time_to_hear_back(
            told=days(1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23),
            waiting=[],
        )

        assert (drug.median, *drug.median_between) == (*days(23, 13), None)
        assert [placebo.median, *placebo.median_between] == days(8, 4, 11)
        assert drug.ninetieth_between == (None, None)

    def test_promises_no_end_when_few_were_told(self) -> None:
        found = hearing_back.time_to_hear_back(told=days(3), waiting=[])

        assert (found.median, found.median_between.high) == (timedelta(days=3), None)

    def test_is_unknown_while_nobody_was_told(self) -> None:
        found = hearing_back.time_to_hear_back(told=[], waiting=days(3))

        assert (found.median, found.ninetieth) == (None, None)

    @given(waits, waits)
    def test_lies_between_its_bounds(self, told: list[timedelta], waiting: list[timedelta]) -> None:
        found = hearing_back.time_to_hear_back(told=told, waiting=waiting)
        for middle, (low, high) in (
            (found.median, found.median_between),
            (found.ninetieth, found.ninetieth_between),
        ):
            assert middle is None or (low is not None and low <= middle)
            assert high is None or (middle is not None and middle <= high)

    @given(waits, waits)
    def test_is_never_shorter_than_among_those_told(
        self, told: list[timedelta], waiting: list[timedelta]
    ) -> None:
        alone = hearing_back.time_to_hear_back(told=told, waiting=[])
        all_of_them = hearing_back.time_to_hear_back(told=told, waiting=waiting)
        if all_of_them.median is not None and alone.median is not None:
            assert all_of_them.median >= alone.median
