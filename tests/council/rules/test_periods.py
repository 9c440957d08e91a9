"""Months, quarters and years as reports name them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from council.rules.periods import MONTH, QUARTER, YEAR, Period, UnknownPeriodError

DAYS = st.dates(date(1971, 1, 1), date(2198, 12, 31))
LENGTHS = st.sampled_from([MONTH, QUARTER, YEAR])


class TestPeriod:
    @given(DAYS, LENGTHS)
    def test_around_a_day_holds_it(self, day: date, months: int) -> None:
        period = Period.around(day, months)

        assert period.first <= day < period.end

    @given(DAYS, LENGTHS)
    def test_is_found_by_its_name(self, day: date, months: int) -> None:
        period = Period.around(day, months)

        assert Period.named(period.name) == period

    @given(DAYS, LENGTHS)
    def test_begins_where_the_one_before_ends(self, day: date, months: int) -> None:
        period = Period.around(day, months)

        assert period.before.end == period.first
        assert period.before.after == period

    @pytest.mark.parametrize(
        ("name", "first", "end"),
        [
            ("2026-11", date(2026, 11, 1), date(2026, 12, 1)),
            ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
            ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1)),
            (" 2026-q1 ", date(2026, 1, 1), date(2026, 4, 1)),
            ("2026", date(2026, 1, 1), date(2027, 1, 1)),
        ],
    )
    def test_is_named_as_people_name_it(self, name: str, first: date, end: date) -> None:
        period = Period.named(name)

        assert (period.first, period.end) == (first, end)

    @pytest.mark.parametrize(
        "name",
        [
            "",
            "x",
            "2026-00",
            "2026-13",
            "2026-Q5",
            "2026-1",
            "20260",
            "1969",
            "2200",
            "0000",
            "２０２６",
        ],
    )
    def test_is_not_made_of_anything_else(self, name: str) -> None:
        with pytest.raises(UnknownPeriodError):
            Period.named(name)

    def test_knows_the_twelve_months_that_end_with_it(self) -> None:
        names = [each.name for each in Period.named("2026-Q1").year_to_its_end]

        assert (names[0], names[-1], len(names)) == ("2025-04", "2026-03", 12)
