"""Figures that are expected: kept as they were said, in one spelling."""

from datetime import date
from decimal import Decimal

import pytest

from council.rules.predictions import Expected, from_json

FEWER = Expected("returns a week", Decimal("40"), Decimal("25.5"), date(2027, 3, 31), 70)


def test_a_figure_comes_back_as_it_was_kept() -> None:
    assert from_json([FEWER.as_json()]) == (FEWER,)


def test_trailing_zeros_make_no_other_figure() -> None:
    longer = Expected("returns a week", Decimal("40.0000"), Decimal("25.5000"), FEWER.due_on, 70)

    assert longer.figures() == FEWER.figures()
    assert str(longer) == str(FEWER) == "returns a week 40 → 25.5"


def test_a_line_has_five_parts() -> None:
    assert Expected.from_line("returns a week; 40; 25.5; 2027-03-31; 70") == FEWER


@pytest.mark.parametrize("line", ["", "returns", "a; b; c; d; e", "a; 1; 2; soon; 70"])
def test_other_lines_are_refused(line: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- any of them
        Expected.from_line(line)
