"""How fast messages may leave: so many a minute, and never much more at once.

Only one moment is kept, `free_at`: when all that has left would have left at an even pace.
"""

from datetime import datetime, timedelta
from typing import Final

MINUTE: Final = timedelta(minutes=1)
AHEAD: Final = timedelta(seconds=10)
"""So far may messages run ahead of an even pace; one message may always leave in time."""


def room(free_at: datetime | None, *, at: datetime, per_minute: int) -> int:
    """How many more may leave now."""
    step = MINUTE / per_minute
    return max(0, (at + max(AHEAD, step) - _since(free_at, at)) // step)


def taken(free_at: datetime | None, count: int, *, at: datetime, per_minute: int) -> datetime:
    """`free_at` once so many more have left."""
    return _since(free_at, at) + count * (MINUTE / per_minute)


def full_from(*, at: datetime, per_minute: int) -> datetime:
    """Who is free later than this has no room now."""
    step = MINUTE / per_minute
    return at + max(AHEAD, step) - step


def _since(free_at: datetime | None, at: datetime) -> datetime:
    return max(free_at or at, at)
