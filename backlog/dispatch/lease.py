"""What holds while something is sent under a lease: when to stop, and that all is recorded."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from time import sleep
from typing import Final, TypeVar

from django.db import InterfaceError, OperationalError, connection

from backlog.dispatch.clock import Clock

logger = logging.getLogger(__name__)
T = TypeVar("T")

PAUSE: Final = 1.0  # seconds
SLOWEST_MESSAGE: Final = timedelta(minutes=2)  # No server is so slow with one message.


def allows_another(*, until: datetime, at: datetime) -> bool:
    """Whether a message begun now has surely left, or failed, before the lease runs out."""
    return at <= until - SLOWEST_MESSAGE


def insist(act: Callable[[], T], *, until: datetime, now: Clock) -> T:
    """Record what has happened outside until the database takes it; its last refusal is
    raised once `until` has passed.

    The act must be safe to do twice: the database may take it and die before it says so.
    """
    while True:
        try:
            return act()
        except (OperationalError, InterfaceError) as refused:
            if now() >= until:
                raise
            logger.warning("The database does not take what has left: %s. Trying again.", refused)
            connection.close_if_unusable_or_obsolete()
            sleep(PAUSE)
