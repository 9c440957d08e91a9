"""When things happened: counted from the council's next meeting, or back from today.

Today is three to nine days before the next meeting, so ten days before it is past in any case.
"""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

SEOUL: Final = ZoneInfo("Asia/Seoul")
WEDNESDAY, FRIDAY = 2, 4
OPENS, CLOSES = 9, 18
A_DAY: Final = timedelta(days=1)
FOUNDED: Final = -182


@dataclass(frozen=True)
class Calendar:
    """Dates of the demonstration, as seen at the moment `at`."""

    at: datetime

    @property
    def today(self) -> date:
        return self.at.astimezone(SEOUL).date()

    @property
    def next_meeting(self) -> date:
        """Wednesday of next week."""
        monday = self.today - timedelta(days=self.today.weekday())
        return monday + timedelta(days=7 + WEDNESDAY)

    def day(self, days: int) -> date:
        """So many days after the next meeting; before it, if negative."""
        return self.next_meeting + timedelta(days=days)

    def on(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        return datetime.combine(self.day(days), time(hour, minute), SEOUL)

    def ago(self, days: int, hour: int = 10) -> datetime:
        """So many working days before today; always past, whatever the hour is now."""
        day = self.today
        for _ in range(days):
            day -= A_DAY
            while day.weekday() > FRIDAY:
                day -= A_DAY
        return datetime.combine(day, time(hour), SEOUL)


def between(rng: random.Random, first: datetime, last: datetime) -> datetime:
    """Some moment of these."""
    return first + rng.random() * (last - first)


def at_work(when: datetime, *, last: datetime) -> datetime:
    """The same moment, or the next when people are in the office; not after `last`."""
    local = when.astimezone(SEOUL)
    if local.hour >= CLOSES:
        local += A_DAY
    if not OPENS <= local.hour < CLOSES:
        local = local.replace(hour=OPENS)
    while local.weekday() > FRIDAY:
        local += A_DAY
    return min(local, last)
