"""Loop closure: how many were told, and how long it took until they heard back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from backlog.scoring import statistics


def closure_rate(*, told: int, asked: int) -> statistics.Share | None:
    """The share of the asking customers who were told; None where nobody asked."""
    return statistics.share(told, asked)


@dataclass(frozen=True, slots=True)
class Waits:
    """Time to hear back. None where so many still wait that the figure is not known yet."""

    told: int
    waiting: int
    median: timedelta | None
    ninetieth: timedelta | None


def time_to_hear_back(*, told: Sequence[timedelta], waiting: Sequence[timedelta]) -> Waits:
    """How long people waited until they were told, those who still wait included.

    Leaving out those who wait would make silence look quick. They count for as long as they have
    waited so far (the Kaplan-Meier estimate).
    """
    tellings, still = Counter(told), Counter(waiting)
    at_risk, unheard = len(told) + len(waiting), 1.0
    reached: dict[float, timedelta] = {}
    for wait in sorted(tellings | still):
        unheard *= 1 - tellings[wait] / at_risk
        at_risk -= tellings[wait] + still[wait]
        for goal in (0.5, 0.9):
            if 1 - unheard >= goal - 1e-9:
                reached.setdefault(goal, wait)
    return Waits(len(told), len(waiting), reached.get(0.5), reached.get(0.9))
