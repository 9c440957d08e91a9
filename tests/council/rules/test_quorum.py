"""How many departments must be there."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from council.rules.quorum import needed, quorum

SHARES = st.fractions(min_value=Fraction(1, 1000), max_value=1, max_denominator=1000)


@pytest.mark.parametrize(
    ("share", "departments", "expected"),
    [
        # Loomio's manual: 60 % of five is met by three, and not by two.
        (Fraction(60, 100), 5, 3),
        (Fraction(1, 2), 6, 3),
        (Fraction(1, 2), 7, 4),
        (Fraction(2, 3), 6, 4),
        (Fraction(2, 3), 7, 5),
        (Fraction(1, 3), 10, 4),
        (Fraction(1), 6, 6),
        (Fraction(1, 2), 0, 0),
    ],
)
def test_the_share_itself_is_enough(share: Fraction, departments: int, expected: int) -> None:
    assert needed(share, departments) == expected


def test_says_how_many_are_lacking() -> None:
    found = quorum(Fraction(60, 100), present=2, departments=5)

    assert (found.needed, found.lacking, found.is_met) == (3, 1, False)
    assert quorum(Fraction(60, 100), present=3, departments=5).is_met


@given(SHARES, st.integers(0, 10_000))
def test_is_the_smallest_number_that_reaches_the_share(share: Fraction, departments: int) -> None:
    enough = needed(share, departments)

    assert 0 <= enough <= departments
    assert enough >= share * departments
    assert enough - 1 < share * departments


@given(SHARES, st.integers(1, 1000), st.integers(0, 1000))
def test_who_comes_never_takes_it_away(share: Fraction, departments: int, present: int) -> None:
    before = quorum(share, present=present, departments=departments)
    after = quorum(share, present=present + 1, departments=departments)

    assert after.is_met or not before.is_met
