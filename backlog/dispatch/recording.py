"""Recording what has happened outside: it is not undone by a database that is busy or away."""

import logging
from collections.abc import Callable
from datetime import datetime
from time import sleep
from typing import Final, TypeVar

from django.db import InterfaceError, OperationalError, connection

from backlog.dispatch.clock import Clock

logger = logging.getLogger(__name__)
T = TypeVar("T")

PAUSE: Final = 1.0  # seconds


def insist(act: Callable[[], T], *, until: datetime, now: Clock) -> T:
    """Do it until the database takes it; what it says last is raised once `until` has passed.

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
