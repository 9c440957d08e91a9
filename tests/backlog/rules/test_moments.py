"""When customers may be written to, on their own clocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.rules import moments
from backlog.rules.moments import QuietHours

NIGHT = QuietHours(21, 8)
ZONES = [
    *("Asia/Seoul", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"),
    *("Pacific/Apia", "Asia/Kathmandu", "America/Sao_Paulo", "Pacific/Kiritimati"),
]
at_any_time = st.integers(0, 2**31 - 1).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
zones = st.sampled_from(ZONES)
rhythms = st.sampled_from([moments.AT_ONCE, moments.DAILY, moments.WEEKLY])
nights = st.one_of(
    st.none(),
    st.builds(
        lambda begins, length: QuietHours(begins, (begins + length) % 24),
        st.integers(0, 23),
        st.integers(1, moments.LONGEST_NIGHT),
    ),
)


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Seoul"))


@pytest.mark.parametrize(
    ("at", "rhythm", "allowed"),
    [
        ("2026-03-02 12:00", "at_once", "2026-03-02 12:00"),
        ("2026-03-02 20:59", "at_once", "2026-03-02 20:59"),
        ("2026-03-02 21:00", "at_once", "2026-03-03 08:00"),
        ("2026-03-03 07:59", "at_once", "2026-03-03 08:00"),
        ("2026-03-02 09:00", "daily", "2026-03-02 09:00"),
        ("2026-03-02 09:01", "daily", "2026-03-03 09:00"),
        ("2026-03-02 09:00", "weekly", "2026-03-02 09:00"),  # a Monday
        ("2026-03-02 09:01", "weekly", "2026-03-09 09:00"),
    ],
)
def test_finds_the_next_moment(at: str, rhythm: str, allowed: str) -> None:
    moment = moments.next_allowed(
        seoul(at), clock=ZoneInfo("Asia/Seoul"), rhythm=rhythm, quiet=NIGHT
    )

    assert moment == seoul(allowed)


def test_waits_no_hour_too_long_when_the_clock_is_put_forward() -> None:
    at = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # 01:30 in Berlin; at 02:00 it will be 03:00.

    moment = moments.next_allowed(at, clock=ZoneInfo("Europe/Berlin"), quiet=QuietHours(22, 2))

    assert moment == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


@given(at_any_time, zones, rhythms, nights)
def test_is_never_earlier_never_at_night_and_never_far_away(
    at: datetime, zone: str, rhythm: str, quiet: QuietHours | None
) -> None:
    moment = moments.next_allowed(at, clock=ZoneInfo(zone), rhythm=rhythm, quiet=quiet)

    longest = {"at_once": 0, "daily": 1, "weekly": 7}[rhythm]
    assert at <= moment <= at + timedelta(days=longest, hours=26 + moments.LONGEST_NIGHT)
    if quiet:
        assert not quiet.include(moment.astimezone(ZoneInfo(zone)))


@given(at_any_time, zones, rhythms, nights)
def test_what_may_leave_may_leave(
    at: datetime, zone: str, rhythm: str, quiet: QuietHours | None
) -> None:
    """Whoever asks again at the moment that was found is not sent away again by the night."""
    moment = moments.next_allowed(at, clock=ZoneInfo(zone), rhythm=rhythm, quiet=quiet)

    assert moments.next_allowed(moment, clock=ZoneInfo(zone), quiet=quiet) == moment
