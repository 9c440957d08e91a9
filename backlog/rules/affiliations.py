"""For which account somebody speaks on a day, when they may belong to several at once."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple


class Span(NamedTuple):
    """Someone's time with an account: from the first day to the one before `ends_on`.

    Without a start it is as old as what we know of them, without an end it lasts.
    """

    number: int
    account: int
    starts_on: date | None = None
    ends_on: date | None = None

    def covers(self, day: date) -> bool:
        has_begun = self.starts_on is None or self.starts_on <= day
        return has_begun and (self.ends_on is None or day < self.ends_on)


def primary(spans: Iterable[Span], day: date) -> Span | None:
    """The one that counts on that day: of those that last, the one that began first.

    What somebody takes on beside does not take over; who moves has ended the one before.
    """
    lasting = [span for span in spans if span.covers(day)]
    return min(lasting, key=lambda it: (it.starts_on or date.min, it.number), default=None)
