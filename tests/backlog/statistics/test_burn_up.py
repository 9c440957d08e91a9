import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.statistics.burn_up import Day, Taken, burn_up

MONDAY = date(2026, 10, 12)
FRIDAY = MONDAY + timedelta(days=4)


def day(n: int) -> date:
    return MONDAY + timedelta(days=n)


def week(*taken: Taken, today: date = FRIDAY) -> list[Day]:
    return burn_up(taken, first=MONDAY, last=FRIDAY, today=today)


class TestBurnUp:
    def test_counts_what_is_in_and_what_is_done_when_each_day_ends(self) -> None:
        days = week(Taken(day(-7), done_on=day(1)), Taken(day(2)), Taken(day(0), done_on=day(3)))

        assert [each.scope for each in days] == [2, 2, 3, 3, 3]
        assert [each.done for each in days] == [0, 1, 1, 2, 2]

    def test_leaves_out_what_was_taken_back_from_that_day_on(self) -> None:
        days = week(Taken(day(0)), Taken(day(0), withdrawn_on=day(2)))

        assert [each.scope for each in days] == [2, 2, 1, 1, 1]

    def test_says_nothing_of_days_to_come(self) -> None:
        days = week(Taken(day(0)), today=day(1))

        assert [each.scope for each in days] == [1, 1, None, None, None]
        assert [each.done for each in days] == [0, 0, None, None, None]

    def test_counts_what_was_done_before_the_start_as_done_from_the_first_day(self) -> None:
        assert week(Taken(day(-9), done_on=day(-3)))[0].done == 1

    def test_an_even_pace_rests_at_weekends(self) -> None:
        days = burn_up([Taken(MONDAY)] * 10, first=MONDAY, last=day(11), today=MONDAY)

        assert [round(each.pace) for each in days] == [1, 2, 3, 4, 5, 5, 5, 6, 7, 8, 9, 10]

    def test_a_sprint_of_a_weekend_has_a_pace_too(self) -> None:
        days = burn_up([Taken(day(5))] * 2, first=day(5), last=day(6), today=day(5))

        assert [each.pace for each in days] == [1, 2]

    @given(
        st.lists(
            st.builds(
                lambda since, withdrawn, done: Taken(
                    day(since),
                    None if withdrawn is None else day(since + withdrawn),
                    None if done is None else day(since + done),
                ),
                st.integers(-5, 9),
                st.none() | st.integers(0, 9),
                st.none() | st.integers(0, 9),
            )
        )
    )
    def test_never_does_more_than_it_has(self, taken: list[Taken]) -> None:
        for each in week(*taken):
            assert each.scope is not None
            assert each.done is not None
            assert 0 <= each.done <= each.scope <= len(taken)


@pytest.mark.shared
class TestPublishedBurnDown:
    """The same figures looked at from the other side: what remains is the scope less the done."""

    @pytest.fixture
    def cases(self, shared: Path) -> list[dict[str, Any]]:
        place = shared / "vectors" / "worked" / "velocity_burndown.json"
        found: list[dict[str, Any]] = json.loads(place.read_text())["burndown"]
        return found

    def test_the_guideline_falls_on_working_days(self, cases: list[dict[str, Any]]) -> None:
        days = burn_up([Taken(MONDAY)] * 10, first=MONDAY, last=day(11), today=MONDAY)

        remaining = {str(each.on): round(10 - each.pace) for each in days}
        for on, points in cases[0]["guideline_end_of_day"].items():
            assert remaining[on] == points

    def test_what_was_done_before_does_not_remain(self, cases: list[dict[str, Any]]) -> None:
        days = week(*[Taken(MONDAY)] * 10, *[Taken(day(-7), done_on=day(-1))] * 4)

        remaining = {(each.scope or 0) - (each.done or 0) for each in days}
        assert sorted(remaining) == cases[1]["remaining_distinct"]

    def test_one_day_is_enough(self, cases: list[dict[str, Any]]) -> None:
        [only] = burn_up([Taken(MONDAY)] * 10, first=MONDAY, last=MONDAY, today=MONDAY)

        assert [10, round(10 - only.pace)] == cases[2]["guideline"]

    def test_what_has_not_begun_has_no_figures(self, cases: list[dict[str, Any]]) -> None:
        assert week(Taken(MONDAY), today=day(-1)) == cases[3]["remaining"]
