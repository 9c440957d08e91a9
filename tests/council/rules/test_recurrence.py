"""Rules of RFC 5545: what they say, what is refused, and how they go through daylight saving."""

import json
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.errors import Invalid
from council.rules import recurrence

SEOUL, BERLIN, NEW_YORK = (
    ZoneInfo(name) for name in ("Asia/Seoul", "Europe/Berlin", "America/New_York")
)
TEN = time(10)
START = date(2026, 1, 1)


def first(text: str, count: int = 5, start: date = START) -> list[date]:
    rule = recurrence.read(text)
    recurrence.check(rule)
    return list(islice(recurrence.days(rule, start, TEN, SEOUL), count))


class TestDays:
    def test_of_the_last_friday(self) -> None:
        assert first("FREQ=MONTHLY;BYDAY=-1FR", 3) == [
            date(2026, 1, 30),
            date(2026, 2, 27),
            date(2026, 3, 27),
        ]

    @pytest.mark.parametrize("day", [29, 30, 31])
    def test_that_short_months_lack_are_skipped_and_known_to_be(self, day: int) -> None:
        text = f"FREQ=MONTHLY;BYMONTHDAY={day}"

        assert all(each.day == day for each in first(text, 12))
        assert recurrence.skips_short_months(recurrence.read(text))

    def test_at_the_end_of_the_month_skip_none(self) -> None:
        found = first("FREQ=MONTHLY;BYMONTHDAY=-1", 12)

        assert [each.month for each in found] == list(range(1, 13))
        assert found[1] == date(2026, 2, 28)
        assert not recurrence.skips_short_months(recurrence.read("FREQ=MONTHLY;BYMONTHDAY=-1"))

    def test_end_on_a_day_with_that_day(self) -> None:
        assert first("FREQ=WEEKLY;UNTIL=20260115") == [
            date(2026, 1, 1),
            date(2026, 1, 8),
            date(2026, 1, 15),
        ]

    def test_end_by_the_clock_of_the_series(self) -> None:
        """Nine in Seoul is midnight in UTC: the moment counts, not the digits."""
        assert first("FREQ=DAILY;UNTIL=20260102T010000Z") == [date(2026, 1, 1), date(2026, 1, 2)]
        assert first("FREQ=DAILY;UNTIL=20260102T005959Z") == [date(2026, 1, 1)]


class TestARuleIsRefused:
    @pytest.mark.parametrize(
        "text",
        [
            "",
            "monthly",
            "FREQ=SOMETIMES",
            "FREQ=DAILY;INTERVAL=0",
            "FREQ=DAILY;INTERVAL=x",
            "FREQ=DAILY;COUNT=0",
            "FREQ=DAILY;COUNT=2;UNTIL=20270101",
            "FREQ=DAILY;UNTIL=tomorrow",
            "FREQ=DAILY;UNTIL=20261341",
            "FREQ=WEEKLY;BYDAY=XX",
            "FREQ=MONTHLY;BYDAY=99FR",
            "FREQ=MONTHLY;BYMONTHDAY=0",
            "FREQ=MONTHLY;BYMONTHDAY=32",
            "FREQ=DAILY;FREQ=DAILY",
            "FREQ=DAILY;X-OTHER=1",
            "FREQ=DAILY;BYDAY=" + ",".join(["MO"] * 500),
        ],
    )
    def test_that_is_none(self, text: str) -> None:
        with pytest.raises(Invalid) as refusal:
            recurrence.read(text)

        assert refusal.value.field == "rule"

    @pytest.mark.parametrize(
        "text",
        [
            "FREQ=HOURLY",
            "FREQ=DAILY;BYHOUR=9",
            "FREQ=YEARLY;BYWEEKNO=20",
            "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=1",
            "FREQ=YEARLY;BYMONTHDAY=29",
        ],
    )
    def test_that_no_series_is_made_of(self, text: str) -> None:
        with pytest.raises(Invalid):
            recurrence.check(recurrence.read(text))

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never"),
            ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31", "never"),
            ("FREQ=MONTHLY;BYDAY=FR;BYSETPOS=9", "never"),
            ("FREQ=DAILY;UNTIL=20251231", "ends_before_start"),
            ("FREQ=DAILY;UNTIL=20300101", "too_many"),
        ],
    )
    def test_that_never_occurs_or_far_too_often(self, text: str, code: str) -> None:
        rule = recurrence.read(text)
        recurrence.check(rule)
        with pytest.raises(Invalid) as refusal:
            recurrence.check_occurs(rule, START, TEN, SEOUL)

        assert refusal.value.code == code

    def test_that_asks_for_a_thousand_occurrences(self) -> None:
        with pytest.raises(Invalid) as refusal:
            recurrence.check(recurrence.read("FREQ=DAILY;COUNT=1000"))

        assert refusal.value.code == "too_many"

    def test_but_not_one_that_has_no_end(self) -> None:
        recurrence.check_occurs(recurrence.read("FREQ=DAILY"), START, TEN, SEOUL)


class TestMoment:
    """The clock on the wall stays; what others see moves by the hour."""

    @pytest.mark.parametrize(
        ("zone", "before", "after"),
        [
            (SEOUL, (date(2026, 3, 27), 1), (date(2026, 3, 30), 1)),
            (BERLIN, (date(2026, 3, 27), 9), (date(2026, 3, 30), 8)),
            (BERLIN, (date(2026, 10, 23), 8), (date(2026, 10, 26), 9)),
            (NEW_YORK, (date(2026, 3, 6), 15), (date(2026, 3, 9), 14)),
            (NEW_YORK, (date(2026, 10, 30), 14), (date(2026, 11, 2), 15)),
        ],
    )
    def test_keeps_the_time_of_day_across_daylight_saving(
        self, zone: ZoneInfo, before: tuple[date, int], after: tuple[date, int]
    ) -> None:
        for day, hour in (before, after):
            found = recurrence.moment(day, TEN, zone)

            assert (found.tzinfo, found.hour % 24) == (UTC, hour)
            assert found.astimezone(zone).time() == TEN

    def test_that_the_clock_skips_is_an_hour_later(self) -> None:
        found = recurrence.moment(date(2026, 3, 29), time(2, 30), BERLIN)

        assert found == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
        assert found.astimezone(BERLIN).time() == time(3, 30)

    def test_that_the_clock_shows_twice_is_the_first(self) -> None:
        found = recurrence.moment(date(2026, 11, 1), time(1, 30), NEW_YORK)

        assert found == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@pytest.mark.shared
def test_it_reads_the_published_rules_or_refuses_them(shared: Path) -> None:
    """Where libraries and calendars differ a series is refused; the others are as published."""
    cases = json.loads((shared / "vectors/worked/rrule.json").read_text())["cases"]
    expanded = 0
    for case in cases:
        rule = recurrence.read(case["rrule"])
        if case["check"] != "dateutil agrees":
            with pytest.raises(Invalid):
                recurrence.check(rule)
            continue
        wanted = [_moment(each) for each in case["expected"]]
        start = _moment(case["dtstart"])
        near = [each for each in wanted if each <= start + recurrence.AHEAD]
        found = list(islice(recurrence.expand(rule, start), len(near)))

        assert found == near, case["desc"]
        expanded += 1
    assert expanded >= 60


def _moment(text: str) -> datetime:
    layout = "%Y%m%dT%H%M%S" if "T" in text else "%Y%m%d"
    return datetime.strptime(text.rstrip("Z"), layout)  # noqa: DTZ007 -- on the wall


ANY_DAYS = st.lists(st.sampled_from(recurrence.DAYS), min_size=1, max_size=7, unique=True)
RULES = st.one_of(
    st.builds(lambda n: f"FREQ=DAILY;INTERVAL={n}", st.integers(1, 60)),
    st.builds(
        lambda n, days: f"FREQ=WEEKLY;INTERVAL={n};BYDAY={','.join(days)}",
        st.integers(1, 12),
        ANY_DAYS,
    ),
    st.builds(
        lambda n, nth, day: f"FREQ=MONTHLY;INTERVAL={n};BYDAY={nth}{day}",
        st.integers(1, 12),
        st.sampled_from([-2, -1, 1, 2, 3, 4, 5]),
        st.sampled_from(recurrence.DAYS),
    ),
    st.builds(
        lambda n, day: f"FREQ=MONTHLY;INTERVAL={n};BYMONTHDAY={day}",
        st.integers(1, 12),
        st.integers(-31, 31).filter(bool),
    ),
)
STARTS = st.dates(date(2000, 1, 1), date(2080, 12, 31))


@given(RULES, STARTS)
def test_days_come_in_order_once_each_and_read_back_alike(text: str, start: date) -> None:
    rule = recurrence.read(text)
    found = list(islice(recurrence.days(rule, start, TEN, BERLIN), 20))

    assert found == sorted(set(found))
    assert all(each >= start for each in found)
    assert recurrence.read(str(rule)) == rule


@given(st.text(max_size=80))
def test_no_text_makes_it_fail(text: str) -> None:
    try:
        rule = recurrence.read(text)
    except Invalid:
        return
    list(islice(recurrence.expand(rule, datetime.combine(START, TEN)), 3))


@given(STARTS, st.times(), st.sampled_from([SEOUL, BERLIN, NEW_YORK]))
def test_a_moment_shows_its_own_time_or_is_in_a_gap(day: date, clock: time, zone: ZoneInfo) -> None:
    shown = recurrence.moment(day, clock, zone).astimezone(zone).replace(tzinfo=None)

    assert shown - datetime.combine(day, clock) in (timedelta(0), timedelta(hours=1))
