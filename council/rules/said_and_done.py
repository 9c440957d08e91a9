"""Whether what somebody said they would do by a day was done by it."""

from datetime import date
from enum import StrEnum
from typing import Final


class Kept(StrEnum):
    ON_TIME = "on_time"
    LATE = "late"
    OVERDUE = "overdue"


_SHOWN: Final = ("claimed_done", "verified")


def kept(status: str, due_on: date, claimed_on: date | None, today: date) -> Kept | None:
    """By the day that holds; the day itself is in time. None while it is not due, or cancelled.

    What was shown to be done counts as done from that day on, whenever somebody accepted it; what
    was found not to be done counts as if nobody had said so.
    """
    if status == "cancelled":
        return None
    if status in _SHOWN and claimed_on is not None:
        return Kept.ON_TIME if claimed_on <= due_on else Kept.LATE
    return Kept.OVERDUE if due_on < today else None
