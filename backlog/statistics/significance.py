"""Figures that say how sure they are: no share or difference without n and an interval."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

from backlog.statistics.interval import Interval

LEVEL = 0.95
FEW = 30
"""Below this many answers a figure is shown as resting on too few."""
FEWEST_EXPECTED = 5


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole in percent: CSAT, loop-closure rate, response rate."""

    part: int
    n: int
    percent: Interval

    @property
    def is_too_few(self) -> bool:
        return self.n < FEW


def share(part: int, n: int) -> Share | None:
    """None where there is no whole: nothing asked is not 0 %."""
    interval = wilson(part, n)
    if interval is None or interval.middle is None:
        return None
    percent = Interval(100 * interval.low, 100 * interval.middle, 100 * interval.high)
    return Share(part, n, percent)


def wilson(successes: int, n: int, level: float = LEVEL) -> Interval | None:
    """The Wilson score interval of a proportion, from 0 to 1; None where n is 0."""
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is not a proportion.")
    if n == 0:
        return None
    z, p = critical_value(level), successes / n
    spread = z * math.sqrt(p * (1 - p) / n + (z / n) ** 2 / 4)
    low, high = ((p + z * z / (2 * n) + side * spread) / (1 + z * z / n) for side in (-1, 1))
    # At 0 of n and n of n the exact bounds are 0 and 1, which rounding would miss by a hair.
    return Interval.spanning((low if successes else 0.0, high if successes < n else 1.0, p), p)


class Verdict(StrEnum):
    BETTER = "better"
    WORSE = "worse"
    NO_REAL_CHANGE = "no_real_change"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Before and after, or control and variant. `z` is below zero where the figure has risen.

    `difference` is after minus before, as far as it can truly be at 95 %.
    """

    z: float
    p_value: float
    standard_error: float
    difference: Interval
    verdict: Verdict


def compare(
    *, before: tuple[int, int], after: tuple[int, int], less_is_better: bool = False
) -> Comparison | None:
    """The pooled two-sided z test of two proportions, each given as (successes, n).

    None where either has no n. The interval is Newcombe's (Statistics in Medicine 17, 1998, method
    10), from the two Wilson intervals: it holds for small shares too, and never passes ±1. A change
    is real where the test says so and the interval leaves out zero; where fewer than five successes
    or failures were to be expected on a side (Cochran), there are too few to say.
    """
    (x1, n1), (x2, n2) = before, after
    if not (0 <= x1 <= n1 and 0 <= x2 <= n2):
        raise ValueError(f"{x1} of {n1} and {x2} of {n2} are not two proportions.")
    if n1 == 0 or n2 == 0:
        return None
    pooled = (x1 + x2) / (n1 + n2)
    standard_error = math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    fewest = min(n1, n2) * min(pooled, 1 - pooled)
    return _compared(
        _newcombe(before, after),
        standard_error,
        is_too_few=min(n1, n2) < FEW or fewest < FEWEST_EXPECTED,
        less_is_better=less_is_better,
    )


@dataclass(frozen=True, slots=True)
class Mean:
    """The average of a sample, and its standard deviation."""

    n: int
    value: float
    spread: float


def compare_means(*, before: Mean, after: Mean, less_is_better: bool = False) -> Comparison:
    """The two-sided z test of two means with unequal variances, which needs some thirty a side.

    (Welch, Biometrika 34, 1947; from thirty on his t is the normal distribution, closely enough.)
    """
    if min(before.n, after.n) < 1 or min(before.spread, after.spread) < 0:
        raise ValueError("A mean has a sample, and a spread that is not below zero.")
    standard_error = math.hypot(
        before.spread / math.sqrt(before.n), after.spread / math.sqrt(after.n)
    )
    change = after.value - before.value
    margin = critical_value() * standard_error
    return _compared(
        Interval(change - margin, change, change + margin),
        standard_error,
        is_too_few=min(before.n, after.n) < FEW,
        less_is_better=less_is_better,
    )


def _newcombe(before: tuple[int, int], after: tuple[int, int]) -> Interval:
    old, new = wilson(*before), wilson(*after)
    assert old is not None
    assert new is not None
    p1, p2 = before[0] / before[1], after[0] / after[1]
    change = p2 - p1
    low = change - math.hypot(p2 - new.low, old.high - p1)
    high = change + math.hypot(new.high - p2, p1 - old.low)
    return Interval.spanning((low, high, change), change).within(-1, 1)


def _compared(
    difference: Interval, standard_error: float, *, is_too_few: bool, less_is_better: bool
) -> Comparison:
    change = difference.middle or 0.0
    if standard_error:
        z = -change / standard_error
    else:  # Nothing varied: what differs at all, differs without doubt.
        z = math.copysign(math.inf, -change) if change else 0.0
    p_value = math.erfc(abs(z) / math.sqrt(2))
    if is_too_few:
        verdict = Verdict.TOO_FEW
    elif p_value >= 1 - LEVEL or difference.low <= 0 <= difference.high:
        verdict = Verdict.NO_REAL_CHANGE
    else:
        verdict = Verdict.BETTER if (change < 0) == less_is_better else Verdict.WORSE
    return Comparison(z, p_value, standard_error, difference, verdict)


def percentile(numbers: Sequence[float], percent: float) -> float | None:
    """By linear interpolation between the two nearest; the 50th is the median. None of nothing."""
    if not 0 <= percent <= 100:
        raise ValueError(f"There is no {percent}th percentile.")
    if not numbers:
        return None
    ordered = sorted(numbers)
    place = (len(ordered) - 1) * percent / 100
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def median(numbers: Sequence[float]) -> float | None:
    return percentile(numbers, 50)


def critical_value(level: float = LEVEL) -> float:
    """How many standard errors an interval of this level reaches to either side: 1.96 at 95 %."""
    return NormalDist().inv_cdf((1 + level) / 2)
