"""From what members say to what a council says: each department has one voice.

Within a department the median of its members; over the departments their mean. A seated
department that has not assessed could still say anything on the scale: it counts in the bounds,
and not in the middle.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from backlog.statistics.interval import Interval


class Confidence(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


STEPS_OF_DOUBT = {Confidence.LOW: 1.0, Confidence.MEDIUM: 0.5, Confidence.HIGH: 0.0}


@dataclass(frozen=True, slots=True)
class Scale:
    """What can be said for a criterion: from where to where, and the step between two answers."""

    low: float
    high: float
    step: float = 1

    def __post_init__(self) -> None:
        if not (math.isfinite(self.high - self.low) and self.low < self.high and self.step > 0):
            raise ValueError(f"Not a scale: {self.low} to {self.high} by {self.step}.")

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    @property
    def unknown(self) -> Interval:
        """What is known of a criterion while nobody has said anything."""
        return Interval(self.low, None, self.high)


@dataclass(frozen=True, slots=True)
class Assessment:
    value: float
    confidence: Confidence


def department_value(assessments: Collection[Assessment], scale: Scale) -> Interval:
    """What a department says; each member's doubt widens the bounds by 0, ½ or 1 step."""
    if not assessments:
        return scale.unknown
    answers = [(each.value, STEPS_OF_DOUBT[each.confidence] * scale.step) for each in assessments]
    value = Interval(
        low=median(value - doubt for value, doubt in answers),
        middle=median(value for value, _ in answers),
        high=median(value + doubt for value, doubt in answers),
    )
    return value.within(scale.low, scale.high)


def criterion_value(voices: Collection[Interval], scale: Scale) -> Interval:
    """What the seated departments say together, where `scale.unknown` is one still silent."""
    if not voices:
        return scale.unknown
    answers = [voice.within(scale.low, scale.high) for voice in voices]
    middles = [voice.middle for voice in answers if voice.middle is not None]
    bounds = (_mean([voice.low for voice in answers]), _mean([voice.high for voice in answers]))
    together = Interval.spanning(bounds, _mean(middles) if middles else None)
    return together.within(scale.low, scale.high)


def contested(voices: Collection[Interval], scale: Scale) -> float:
    """How far the departments disagree, as twice the standard deviation in percent of the scale.

    0 where all say the same, 100 where half of them stand at either end of the scale.
    """
    middles = [voice.middle for voice in voices if voice.middle is not None]
    if len(middles) < 2:
        return 0.0
    mean = _mean(middles)
    # Spelled out, because statistics.pstdev reckons in exact fractions and takes 30 times as long.
    deviation = math.sqrt(_mean([(middle - mean) ** 2 for middle in middles]))
    return min(200 * deviation / (scale.high - scale.low), 100.0)


def _mean(numbers: Collection[float]) -> float:
    return sum(numbers) / len(numbers)
