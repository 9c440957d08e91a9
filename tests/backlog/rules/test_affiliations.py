from datetime import date

import pytest

from backlog.rules.affiliations import Span, primary

MARCH, MAY, JULY = date(2026, 3, 1), date(2026, 5, 1), date(2026, 7, 1)


def test_nobody_speaks_for_an_account_that_they_belonged_to_at_no_time() -> None:
    assert primary([], MARCH) is None
    assert primary([Span(1, 7, MAY, JULY)], MARCH) is None


@pytest.mark.parametrize(
    ("day", "account"),
    [(MARCH, 7), (date(2026, 4, 30), 7), (MAY, 8), (JULY, 8), (date(1990, 1, 1), 7)],
)
def test_the_last_day_is_the_one_before_the_end(day: date, account: int) -> None:
    span = primary([Span(1, 7, None, MAY), Span(2, 8, MAY)], day)

    assert span is not None
    assert span.account == account


def test_of_several_the_one_that_began_first_counts() -> None:
    beside = Span(1, 8, MAY)

    assert primary([beside, Span(2, 7, MARCH)], JULY) == Span(2, 7, MARCH)
    assert primary([beside, Span(2, 7)], JULY) == Span(2, 7)
    assert primary([beside, Span(2, 7, MARCH, JULY)], JULY) == beside


def test_of_two_that_began_together_the_one_put_down_first_counts() -> None:
    assert primary([Span(2, 7, MAY), Span(1, 8, MAY)], JULY) == Span(1, 8, MAY)
