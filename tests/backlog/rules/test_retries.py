"""How long a message waits after each failure."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from backlog.rules import retries

rows = st.integers(1, 10**9)


def test_waits_twice_as_long_each_time() -> None:
    waits = [retries.wait_after(attempts, row=11) for attempts in (1, 2, 3)]

    assert waits == [timedelta(minutes=2), timedelta(minutes=4), timedelta(minutes=8)]


@given(st.integers(1, 32_767), rows)
def test_waits_a_day_at_most_and_a_tenth(attempts: int, row: int) -> None:
    wait = retries.wait_after(attempts, row=row)

    assert timedelta(minutes=2) <= wait <= timedelta(days=1, minutes=144)


@given(st.integers(1, 10), rows)
def test_rows_that_fail_together_come_back_apart(attempts: int, row: int) -> None:
    assert retries.wait_after(attempts, row=row) != retries.wait_after(attempts, row=row + 1)
