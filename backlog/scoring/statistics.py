"""Figures that say how sure they are: no share or difference without n and an interval."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

from backlog.scoring.interval import Interval

LEVEL = 0.95
FEW = 30
"""Below this many answers a figure is shown as resting on too few."""


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


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two proportions, before and after. `z` is below zero where the share has risen."""

    z: float
    p_value: float
    standard_error: float
    pooled: float
    difference: Interval
    verdict: Verdict


def compare(
    *, before: tuple[int, int], after: tuple[int, int], less_is_better: bool = False
) -> Comparison | None:
    """The pooled two-sided z test of two proportions, each given as (successes, n).

    None where either has no n. `difference` is after minus before with its unpooled interval.
    """
    (x1, n1), (x2, n2) = before, after
    if not (0 <= x1 <= n1 and 0 <= x2 <= n2):
        raise ValueError(f"{x1} of {n1} and {x2} of {n2} are not two proportions.")
    if n1 == 0 or n2 == 0:
        return None
    p1, p2, pooled = x1 / n1, x2 / n2, (x1 + x2) / (n1 + n2)
    standard_error = math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    z = (p1 - p2) / standard_error if standard_error else 0.0
    p_value = math.erfc(abs(z) / math.sqrt(2))
    margin = critical_value() * math.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    change = p2 - p1
    difference = Interval(max(change - margin, -1.0), change, min(change + margin, 1.0))
    verdict = _verdict(change, p_value, less_is_better=less_is_better)
    return Comparison(z, p_value, standard_error, pooled, difference, verdict)


def _verdict(change: float, p_value: float, *, less_is_better: bool) -> Verdict:
    if p_value >= 1 - LEVEL:
        return Verdict.NO_REAL_CHANGE
    return Verdict.BETTER if (change < 0) == less_is_better else Verdict.WORSE


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
