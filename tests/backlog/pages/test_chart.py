"""Where the lines of the burn-up run."""

from datetime import date, timedelta

import pytest

from backlog.pages.chart import HEIGHT, WIDTH, chart
from backlog.statistics.burn_up import Taken, burn_up

MONDAY = date(2026, 10, 12)
FRIDAY = MONDAY + timedelta(days=4)


def test_a_day_is_as_wide_as_another_and_the_scope_as_high_as_the_picture() -> None:
    drawn = chart(burn_up([Taken(MONDAY)], first=MONDAY, last=FRIDAY, today=MONDAY))

    assert drawn is not None
    assert drawn.scope == f"0.0,0.0 {WIDTH / 5:.1f},0.0"
    assert drawn.done == f"0.0,{HEIGHT:.1f} {WIDTH / 5:.1f},{HEIGHT:.1f}"
    assert drawn.pace.endswith(f"{WIDTH:.1f},0.0")
    assert (drawn.now.on, drawn.last) == (MONDAY, FRIDAY)


@pytest.mark.parametrize(
    ("scope", "figures"),
    [
        (1, [0, 1]),
        (3, [0, 1, 2, 3]),
        (5, [0, 2, 5]),
        (8, [0, 2, 4, 6, 8]),
        (40, [0, 10, 20, 30, 40]),
    ],
)
def test_the_lines_across_begin_at_nothing_and_end_at_the_top(
    scope: int, figures: list[int]
) -> None:
    drawn = chart(burn_up([Taken(MONDAY)] * scope, first=MONDAY, last=FRIDAY, today=FRIDAY))

    assert drawn is not None
    assert [mark.figure for mark in drawn.marks] == figures


def test_nothing_is_drawn_of_nothing() -> None:
    assert chart([]) is None
    assert chart(burn_up([], first=MONDAY, last=FRIDAY, today=FRIDAY)) is None
