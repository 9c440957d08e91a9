"""When a customer may be written to: not at night where they are, and no more often than they wish.

Moments are found on the customer's own clock, also on days on which it is put forward or back.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

AT_ONCE: Final = "at_once"
DAILY: Final = "daily"
WEEKLY: Final = "weekly"
MORNING: Final = 9
"""The hour of digests; a weekly one comes on Mondays."""
LONGEST_NIGHT: Final = 16


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one full hour to another, usually over midnight."""

    begins: int
    ends: int

    @property
    def length(self) -> int:
        return (self.ends - self.begins) % 24

    def include(self, local: datetime) -> bool:
        return (local.hour - self.begins) % 24 < self.length

    def end_after(self, local: datetime) -> datetime:
        """The first moment after this quiet one at which they are over."""
        is_tomorrow = self.ends <= local.hour
        return _at(local.date() + timedelta(days=is_tomorrow), self.ends, local)


def next_allowed(
    at: datetime, *, clock: tzinfo, rhythm: str = AT_ONCE, quiet: QuietHours | None = None
) -> datetime:
    """The first moment, not before `at`, at which the customer may hear from us."""
    local = at.astimezone(clock)
    moment = local if rhythm == AT_ONCE else _digest(local, weekly=rhythm == WEEKLY)
    if quiet and quiet.include(moment):
        moment = quiet.end_after(moment)
    return moment.astimezone(UTC)


def _digest(local: datetime, *, weekly: bool) -> datetime:
    days = (local.date() + timedelta(days=ahead) for ahead in range(9))
    mornings = (_at(day, MORNING, local) for day in days if not weekly or day.weekday() == 0)
    # Compared in UTC: two moments of one clock compare by what it shows, not by when they are.
    return next(morning for morning in mornings if morning.astimezone(UTC) >= local.astimezone(UTC))


def _at(day: date, hour: int, local: datetime) -> datetime:
    """This hour on the same clock; where it is passed over, the moment the clock jumps to."""
    shown = datetime.combine(day, time(hour), tzinfo=local.tzinfo)
    return shown.astimezone(UTC).astimezone(local.tzinfo)
