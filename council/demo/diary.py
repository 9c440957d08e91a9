"""What happens when: entries in any order, performed in the order of time."""

import heapq
import itertools
from collections.abc import Callable
from datetime import datetime

from tqdm import tqdm

from backlog.auth import origins
from backlog.rules.origins import PAGE

Act = Callable[[datetime], object]


class Diary:
    """Performs acts, each at its time; an act may enter others that follow from it later."""

    def __init__(self) -> None:
        self._entries: list[tuple[datetime, int, Act]] = []
        self._numbers = itertools.count()
        self._now: datetime | None = None

    def on(self, when: datetime, act: Act) -> None:
        """Enter an act; of two at the same moment, the first entered is performed first."""
        if self._now is not None and when < self._now:
            raise ValueError(f"{when} is before {self._now}, which it is to follow.")
        heapq.heappush(self._entries, (when, next(self._numbers), act))

    def perform(self, *, until: datetime, is_shown: bool) -> None:
        """Perform all entries; none may lie after `until`."""
        with tqdm(total=len(self._entries), disable=not is_shown, unit="", leave=False) as bar:
            while self._entries:
                when, _number, act = heapq.heappop(self._entries)
                if when > until:
                    raise ValueError(f"{when} is after {until}: it has not got there yet.")
                self._now = when
                # Whoever does something without saying how is a colleague at a browser.
                with origins.acting(PAGE):
                    act(when)
                bar.total = bar.n + 1 + len(self._entries)
                bar.update()
