"""Loop closure: how many were told, and how long it took until they heard back."""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from backlog.statistics import significance

_NEARLY = 1e-9  # What rounding may cost a share that is exactly one half.


def closure_rate(*, told: int, asked: int) -> significance.Share | None:
    """The share of the asking customers who were told; None where nobody asked."""
    return significance.share(told, asked)


class Between(NamedTuple):
    """Where a time truly lies, at 95 %; without an end where nobody can say how late it may be."""

    low: timedelta | None
    high: timedelta | None


@dataclass(frozen=True, slots=True)
class Waits:
    """Time to hear back. None where so many still wait that the figure is not known yet."""

    told: int
    waiting: int
    median: timedelta | None
    ninetieth: timedelta | None
    median_between: Between
    ninetieth_between: Between


def time_to_hear_back(*, told: Sequence[timedelta], waiting: Sequence[timedelta]) -> Waits:
    """How long people waited until they were told, those who still wait included.

    Leaving out those who wait would make silence look quick. They count for as long as they have
    waited so far (the Kaplan-Meier estimate).
    """
    steps = list(_steps(Counter(told), Counter(waiting)))
    median, median_between = _heard_by(steps, 0.5)
    ninetieth, ninetieth_between = _heard_by(steps, 0.9)
    return Waits(len(told), len(waiting), median, ninetieth, median_between, ninetieth_between)


class _Step(NamedTuple):
    """After this wait, the share who have not heard yet, and its bounds."""

    wait: timedelta
    unheard: float
    low: float
    high: float


def _steps(told: Counter[timedelta], waiting: Counter[timedelta]) -> Iterator[_Step]:
    at_risk, unheard, variance, high = told.total() + waiting.total(), 1.0, 0.0, 1.0
    for wait in sorted(told | waiting):
        if heard := told[wait]:
            unheard *= 1 - heard / at_risk
            low = 0.0
            # When the last one hears, the bounds cannot be told any more: the upper one stays.
            if heard < at_risk:
                variance += heard / (at_risk * (at_risk - heard))
                low, high = _bounds(unheard, variance)
            yield _Step(wait, unheard, low, high)
        at_risk -= heard + waiting[wait]


def _bounds(unheard: float, variance: float) -> tuple[float, float]:
    """On the log-log scale, where they stay between 0 and 1 and hold for small numbers too."""
    spread = significance.critical_value() * math.sqrt(variance) / -math.log(unheard)
    return unheard ** math.exp(spread), unheard ** math.exp(-spread)


def _heard_by(steps: Sequence[_Step], share: float) -> tuple[timedelta | None, Between]:
    """When this share had heard; and when at the earliest and the latest (Brookmeyer-Crowley)."""

    def first(unheard: Callable[[_Step], float]) -> timedelta | None:
        return next((each.wait for each in steps if unheard(each) <= 1 - share + _NEARLY), None)

    earliest, latest = first(lambda step: step.low), first(lambda step: step.high)
    return first(lambda step: step.unheard), Between(earliest, latest)
