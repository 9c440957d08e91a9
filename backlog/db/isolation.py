"""Loops over rows of many people: what is wrong with one of them stops no other."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import InterfaceError, OperationalError

logger = logging.getLogger(__name__)


@contextmanager
def isolated(what: str, *which: object) -> Iterator[None]:
    """A fault in here goes into the log, with its place, and no further.

    For the one act of a loop, which must be a transaction of its own. What the database says of
    itself is raised: it would say the same of the next row.
    """
    try:
        yield
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        # Whatever it is, it is of this row; who is next has a right to their turn.
        logger.exception(what, *which)
