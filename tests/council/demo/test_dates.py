from datetime import datetime, timedelta

import pytest

from council.demo.dates import SEOUL, Calendar, at_work
from tests.factories import NOON

MONDAY = datetime(2026, 3, 2, tzinfo=SEOUL)
LATER = MONDAY + timedelta(days=30)
DAYS = [MONDAY + timedelta(days=days) for days in range(7)]


class TestCalendar:
    @pytest.mark.parametrize("today", DAYS)
    def test_puts_the_next_meeting_on_wednesday_of_next_week(self, today: datetime) -> None:
        meeting = Calendar(today).next_meeting
        assert meeting.weekday() == 2
        assert meeting.isocalendar().week == today.isocalendar().week + 1

    @pytest.mark.parametrize("today", DAYS)
    def test_has_passed_what_is_ten_days_before_the_meeting(self, today: datetime) -> None:
        assert Calendar(today).on(-10, 23, 59) < today

    @pytest.mark.parametrize("today", DAYS)
    def test_counts_back_in_working_days(self, today: datetime) -> None:
        yesterday = Calendar(today).ago(1, 17)
        assert yesterday.weekday() < 5
        assert timedelta(0) < today - yesterday < timedelta(days=3)

    def test_lives_in_seoul(self) -> None:
        late = NOON.replace(hour=15, minute=1)  # where it is already tomorrow
        assert Calendar(late).today == NOON.date() + timedelta(days=1)


class TestAtWork:
    @pytest.mark.parametrize(
        ("moment", "at_the_desk"),
        [
            (MONDAY.replace(hour=10, minute=5), MONDAY.replace(hour=10, minute=5)),
            (MONDAY.replace(hour=6, minute=5), MONDAY.replace(hour=9, minute=5)),
            (MONDAY.replace(hour=22), DAYS[1].replace(hour=9)),
            (DAYS[4].replace(hour=22), DAYS[4].replace(hour=9) + timedelta(days=3)),
            (DAYS[5].replace(hour=14), DAYS[5].replace(hour=14) + timedelta(days=2)),
        ],
        ids=["office hours", "early", "late", "Friday night", "Saturday"],
    )
    def test_waits_until_people_are_in_the_office(
        self, moment: datetime, at_the_desk: datetime
    ) -> None:
        assert at_work(moment, last=LATER) == at_the_desk

    def test_does_not_wait_for_longer_than_there_is_time(self) -> None:
        assert at_work(DAYS[5], last=DAYS[6]) == DAYS[6]
