"""Numbers that say how sure they are.

`low` and `high` are what the number can be, `middle` is the best we know, or None where nobody
has said anything yet. An operation is undefined when it is undefined anywhere between the
bounds: dividing by 0…5 is refused, never infinite. Hence the rule that the rest relies on:
narrower inputs never make a result wider, nor a defined result undefined.
"""

import math
import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Reason(StrEnum):
    DIVISION_BY_ZERO = "division_by_zero"
    ROOT_OF_NEGATIVE = "root_of_negative"
    LOGARITHM_OF_ZERO_OR_LESS = "logarithm_of_zero_or_less"
    POWER_OF_NEGATIVE = "power_of_negative"
    TOO_LARGE = "too_large"


class UndefinedError(ArithmeticError):
    """The result does not exist for every number between the bounds."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    middle: float | None
    high: float

    def __post_init__(self) -> None:
        if math.isinf(self.low) or math.isinf(self.high):
            raise UndefinedError(Reason.TOO_LARGE)
        middle = self.low if self.middle is None else self.middle
        if not self.low <= middle <= self.high:
            raise ValueError(f"Not in order: {self.low}, {self.middle}, {self.high}.")

    @classmethod
    def point(cls, value: float) -> Self:
        """A number that is known exactly."""
        return cls(value, value, value)

    @classmethod
    def spanning(cls, bounds: Iterable[float], middle: float | None) -> Self:
        """The narrowest interval over the bounds; rounding never puts the middle outside."""
        ordered = sorted(bounds)
        low, high = ordered[0], ordered[-1]
        return cls(low, None if middle is None else min(max(middle, low), high), high)

    @property
    def width(self) -> float:
        return self.high - self.low

    def within(self, low: float, high: float) -> "Interval":
        """The same, with whatever lies outside the given ends moved to them."""
        if low <= self.low and self.high <= high:
            return self
        bounds = (min(max(self.low, low), high), min(max(self.high, low), high))
        return Interval.spanning(bounds, self.middle)

    def __neg__(self) -> "Interval":
        return _apply(operator.neg, self)

    def __add__(self, other: "Interval") -> "Interval":
        return _combine(operator.add, self, other)

    def __sub__(self, other: "Interval") -> "Interval":
        return _combine(operator.sub, self, other)

    def __mul__(self, other: "Interval") -> "Interval":
        return _combine(operator.mul, self, other)

    def __truediv__(self, other: "Interval") -> "Interval":
        if other.low <= 0 <= other.high:
            raise UndefinedError(Reason.DIVISION_BY_ZERO)
        return _combine(operator.truediv, self, other)

    def __pow__(self, exponent: "Interval") -> "Interval":
        """Only of a number above zero, or of zero where the exponent is above zero."""
        if self.low < 0:
            raise UndefinedError(Reason.POWER_OF_NEGATIVE)
        if self.low == 0 and exponent.low <= 0:
            raise UndefinedError(Reason.DIVISION_BY_ZERO)
        try:
            return _combine(math.pow, self, exponent)
        except OverflowError as overflow:
            raise UndefinedError(Reason.TOO_LARGE) from overflow


def smallest(first: Interval, *others: Interval) -> Interval:
    for other in others:
        first = _combine(min, first, other)
    return first


def largest(first: Interval, *others: Interval) -> Interval:
    for other in others:
        first = _combine(max, first, other)
    return first


def square_root(number: Interval) -> Interval:
    if number.low < 0:
        raise UndefinedError(Reason.ROOT_OF_NEGATIVE)
    return _apply(math.sqrt, number)


def logarithm(number: Interval) -> Interval:
    """The natural logarithm."""
    if number.low <= 0:
        raise UndefinedError(Reason.LOGARITHM_OF_ZERO_OR_LESS)
    return _apply(math.log, number)


def is_less(a: Interval, b: Interval) -> Interval:
    """1 where certainly less, 0 where certainly not, 0…1 where the bounds leave it open."""
    return _combine(lambda x, y: float(x < y), a, b)


def is_at_most(a: Interval, b: Interval) -> Interval:
    return _combine(lambda x, y: float(x <= y), a, b)


def choose(condition: Interval, then: Interval, otherwise: Interval) -> Interval:
    """`then` where the condition is certainly not 0, and both where it is open."""
    if condition.low > 0 or condition.high < 0:
        return then
    if condition.low == condition.high == 0:
        return otherwise
    bounds = (then.low, then.high, otherwise.low, otherwise.high)
    if condition.middle is None:
        return Interval.spanning(bounds, None)
    return Interval.spanning(bounds, then.middle if condition.middle else otherwise.middle)


def _apply(function: Callable[[float], float], a: Interval) -> Interval:
    middle = None if a.middle is None else function(a.middle)
    return Interval.spanning((function(a.low), function(a.high)), middle)


def _combine(function: Callable[[float, float], float], a: Interval, b: Interval) -> Interval:
    """A function that only rises or only falls in each argument is extreme at a corner."""
    corners = [function(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
    if a.middle is None or b.middle is None:
        return Interval.spanning(corners, None)
    return Interval.spanning(corners, function(a.middle, b.middle))
