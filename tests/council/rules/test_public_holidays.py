"""Public holidays have names in the reader's language, and a working day after them."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from council.rules import public_holidays

NEW_YEAR = date(2026, 2, 17)
"""Lunar New Year, in the middle of three days off."""


def test_have_names_in_both_languages() -> None:
    with translation.override("ko"):
        assert public_holidays.name_of("KR", NEW_YEAR) == "설날"
    with translation.override("en"):
        assert "Korean New Year" in public_holidays.name_of("KR", NEW_YEAR)


def test_are_those_of_one_country() -> None:
    assert public_holidays.name_of("DE", NEW_YEAR) == ""
    assert public_holidays.name_of("", NEW_YEAR) == ""


@pytest.mark.parametrize(
    ("country", "day", "instead"),
    [
        ("KR", NEW_YEAR, date(2026, 2, 19)),
        ("KR", date(2026, 12, 25), date(2026, 12, 28)),
        ("US", date(2026, 12, 31), date(2027, 1, 4)),
    ],
)
def test_are_followed_by_a_working_day(country: str, day: date, instead: date) -> None:
    assert public_holidays.next_working_day(country, day) == instead


def test_of_every_country_that_is_offered_are_known() -> None:
    for country in public_holidays.COUNTRIES:
        year = (date(2026, 1, 1) + timedelta(days=n) for n in range(365))
        assert any(public_holidays.name_of(country, day) for day in year), country
