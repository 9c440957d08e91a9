"""The one clock that all workers share: the database's. A lease by two clocks is no lease."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from django.db import connection
from django.utils import timezone

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]

TOLERATED: Final = timedelta(seconds=30)
"""A process whose clock is further from the database's than this is set wrongly."""


def shared() -> Clock:
    """A clock that shows the database's time, and asks it only now.

    It never runs behind: if this machine's clock is set forward or the machine was asleep, it
    shows the later of what either would say.
    """
    began, here, there = monotonic(), timezone.now(), _of_database()
    if abs(here - there) > TOLERATED:
        logger.warning(
            "This machine's clock is %s off the database's, which is kept to", here - there
        )

    def now() -> datetime:
        by_count = there + timedelta(seconds=monotonic() - began)
        by_clock = there + (timezone.now() - here)
        return max(by_count, by_clock)

    return now


def ahead() -> timedelta:
    """How far this machine's clock is ahead of the database's; negative if it is behind."""
    return timezone.now() - _of_database()


def _of_database() -> datetime:
    if connection.vendor != "postgresql":
        return timezone.now()  # SQLite is on this machine, and has its clock.
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found
