"""Whether a promise was kept."""

from datetime import date

import pytest

from council.rules.said_and_done import Kept, kept

DUE, BEFORE, AFTER = date(2026, 3, 10), date(2026, 3, 9), date(2026, 3, 11)


@pytest.mark.parametrize(
    ("status", "claimed_on", "today", "expected"),
    [
        ("open", None, BEFORE, None),
        ("open", None, DUE, None),
        ("open", None, AFTER, Kept.OVERDUE),
        ("blocked", None, AFTER, Kept.OVERDUE),
        ("reopened", None, AFTER, Kept.OVERDUE),
        ("claimed_done", BEFORE, BEFORE, Kept.ON_TIME),
        ("claimed_done", DUE, AFTER, Kept.ON_TIME),
        ("verified", DUE, AFTER, Kept.ON_TIME),
        ("verified", AFTER, AFTER, Kept.LATE),
        ("cancelled", None, AFTER, None),
    ],
)
def test_is_judged_by_the_day_that_it_was_shown(
    status: str, claimed_on: date | None, today: date, expected: Kept | None
) -> None:
    assert kept(status, DUE, claimed_on, today) == expected
