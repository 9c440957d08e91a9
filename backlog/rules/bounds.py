"""Between which ends numbers and moments lie that are kept, whoever gives them.

Both databases hold what lies between, any time zone can show it, and slips are outside: the epoch
itself, a year of nines, a clock of another continent.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

EARLIEST: Final = date(1990, 1, 1)
LATEST: Final = date(2099, 12, 31)
EARLIEST_MOMENT: Final = datetime(1990, 1, 1, tzinfo=UTC)
LATEST_MOMENT: Final = datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC)
CLOCKS_DIFFER: Final = timedelta(minutes=5)
"""By so much the clock of whoever tells us something may be ahead of ours, or behind."""

MOST_DIGITS: Final = 15
"""SQLite keeps decimals as binary numbers, which hold no more."""
SMALL: Final = 2**15 - 1
WHOLE: Final = 2**31 - 1
BIG: Final = 2**63 - 1
FLOAT: Final = 1e300

REASON: Final = 2_000
"""Characters of what a colleague says beside a step."""
TEXT: Final = 10_000
"""Characters of what colleagues write for each other, or for customers."""
VERBATIM: Final = 100_000
"""Characters of what a customer says."""
OPTION: Final = 500
OPTIONS: Final = 50
"""So many ways that a council weighed, in so many characters each."""
MESSAGE: Final = 5_000
"""Characters of what customers read, in each language."""
SEARCHABLE: Final = 3
"""A text without case can be so many times as long: one ΐ becomes three characters."""
PAYLOAD: Final = 500_000
"""Characters of what a source says beside the words."""
RAW: Final = 4 * 2**20
"""Bytes of one message as it came in."""
RECORD: Final = 10_000_000
"""What we write down ourselves, however much there was to say."""
EXCERPT: Final = 1_000
"""Characters of a long text that a list shows."""


def largest(max_digits: int, decimal_places: int) -> Decimal:
    """All nines."""
    return Decimal(10**max_digits - 1).scaleb(-decimal_places)


def is_ahead(moment: datetime, at: datetime) -> bool:
    """Whether it is yet to come, by more than clocks differ."""
    return moment > at + CLOCKS_DIFFER


def plausible(moment: datetime | None, at: datetime) -> datetime:
    """When something happened, as another machine says; `at` where it says nothing that can be."""
    if moment is None or moment < EARLIEST_MOMENT or is_ahead(moment, at):
        return at
    return moment


def is_over(moment: datetime, at: datetime) -> bool:
    """Whether it is past, by more than clocks differ."""
    return moment < at - CLOCKS_DIFFER
