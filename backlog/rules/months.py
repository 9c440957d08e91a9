"""Counting in months, as limits and promises do."""

from calendar import monthrange
from datetime import date
from typing import TypeVar

D = TypeVar("D", bound=date)


def later(day: D, months: int) -> D:
    """So many months later, or with a minus earlier; in a shorter month its last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))
