"""How long to wait before a message that could not be sent is tried again."""

from datetime import timedelta
from typing import Final

MAX_ATTEMPTS: Final = 10
LONGEST: Final = timedelta(days=1)
LONGEST_REST: Final = timedelta(hours=1)


def wait_after(attempts: int, *, row: int) -> timedelta:
    """Twice as long each time, a day at most; up to a tenth more, so that rows do not come in step.

    The tenth is derived from the row's number: the same row always waits the same time.
    """
    wait = min(timedelta(minutes=2 ** min(attempts, 20)), LONGEST)
    return wait * (1 + (row % 11) / 100)


def rest_after(failures: int) -> timedelta:
    """How long is rested after so many failures and one more."""
    return min(wait_after(failures + 1, row=0), LONGEST_REST)
