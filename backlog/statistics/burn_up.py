"""Burn-up: day by day how much a sprint has taken in, and how much of it has reached users."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

SATURDAY = 5


class Taken(NamedTuple):
    """Something taken into a sprint: from which day on, until when, and when it was done."""

    since: date
    withdrawn_on: date | None = None
    done_on: date | None = None

    def is_in(self, day: date) -> bool:
        return self.since <= day and (self.withdrawn_on is None or day < self.withdrawn_on)

    def is_done(self, day: date) -> bool:
        return self.is_in(day) and self.done_on is not None and self.done_on <= day


@dataclass(frozen=True, slots=True)
class Day:
    """As it was when the day ended. `scope` and `done` are None of days that are still to come.

    `pace` is what would be done by then at an even pace on working days.
    """

    on: date
    scope: int | None
    done: int | None
    pace: float


def burn_up(taken: Iterable[Taken], *, first: date, last: date, today: date) -> list[Day]:
    """From the first to the last day, both included. Nothing where it has not begun."""
    if today < first:
        return []
    known = list(taken)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    scope = sum(each.is_in(min(today, last)) for each in known)
    return [
        Day(
            on=day,
            scope=sum(each.is_in(day) for each in known) if day <= today else None,
            done=sum(each.is_done(day) for each in known) if day <= today else None,
            pace=scope * share,
        )
        for day, share in zip(days, _shares(days), strict=True)
    ]


def _shares(days: Sequence[date]) -> list[float]:
    """How much of the working time has passed when each day ends; at a weekend nothing passes."""
    works = [day.weekday() < SATURDAY for day in days]
    if not any(works):
        works = [True] * len(days)
    return [sum(works[: n + 1]) / sum(works) for n in range(len(works))]
