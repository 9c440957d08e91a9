"""So many a minute, whatever the steps in which they are asked for."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from backlog.rules import pace
from tests.factories import NOON

rates = st.integers(1, 100_000)
pauses = st.lists(st.integers(0, 90), max_size=30)


def test_leaves_room_for_ten_seconds_at_once() -> None:
    assert pace.room(None, at=NOON, per_minute=60) == 10


def test_always_leaves_room_for_one_in_time() -> None:
    assert pace.room(None, at=NOON, per_minute=1) == 1


@given(rates, pauses)
def test_lets_no_more_leave_than_the_pace_allows(per_minute: int, seconds: list[int]) -> None:
    at, free_at, left = NOON, None, 0
    for pause in seconds:
        at += timedelta(seconds=pause)
        count = pace.room(free_at, at=at, per_minute=per_minute)
        free_at = pace.taken(free_at, count, at=at, per_minute=per_minute)
        left += count

    step = pace.MINUTE / per_minute
    assert left * step <= (at - NOON) + max(pace.AHEAD, step)


@given(rates, st.integers(0, 100_000), st.integers(0, 200))
def test_is_full_exactly_where_there_is_no_room(
    per_minute: int, milliseconds: int, pause: int
) -> None:
    free_at, at = NOON + timedelta(milliseconds=milliseconds), NOON + timedelta(seconds=pause)

    is_full = free_at > pace.full_from(at=at, per_minute=per_minute)

    assert is_full == (pace.room(free_at, at=at, per_minute=per_minute) == 0)
