"""NPS, CSAT and CES, from answers. Zero is an answer, and no answers give no figure.

Each figure knows its n and its interval at 95 %, and says when it rests on too few answers.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from backlog.statistics import significance
from backlog.statistics.interval import Interval


@dataclass(frozen=True, slots=True)
class Nps:
    promoters: int
    passives: int
    detractors: int
    value: Interval
    standard_error: float

    @property
    def n(self) -> int:
        return self.promoters + self.passives + self.detractors

    @property
    def is_too_few(self) -> bool:
        return self.n < significance.FEW


def nps(answers: Sequence[int]) -> Nps | None:
    """From answers of 0 to 10: up to 6 detracts, 9 and 10 promote."""
    _check(answers, 0, 10)
    return nps_of_counts(
        promoters=sum(answer >= 9 for answer in answers),
        passives=sum(7 <= answer <= 8 for answer in answers),
        detractors=sum(answer <= 6 for answer in answers),
    )


def nps_of_counts(*, promoters: int, passives: int, detractors: int) -> Nps | None:
    """Promoters minus detractors in percent of all, from -100 to 100."""
    if min(promoters, passives, detractors) < 0:
        raise ValueError("Counts of answers are never below zero.")
    n = promoters + passives + detractors
    if n == 0:
        return None
    p, d = promoters / n, detractors / n
    value = 100 * (promoters - detractors) / n
    standard_error = 100 * math.sqrt(max(p + d - (p - d) ** 2, 0.0) / n)
    margin = significance.critical_value() * standard_error
    bounds = Interval(value - margin, value, value + margin).within(-100, 100)
    return Nps(promoters, passives, detractors, bounds, standard_error)


def csat(answers: Sequence[int]) -> significance.Share | None:
    """The share of 4 and 5 among answers of 1 to 5. Round it where it is shown, not before."""
    _check(answers, 1, 5)
    return significance.share(sum(answer >= 4 for answer in answers), len(answers))


@dataclass(frozen=True, slots=True)
class Ces:
    """`value` has the ends of the scale as its bounds where one answer says nothing of the rest."""

    n: int
    value: Interval

    @property
    def is_too_few(self) -> bool:
        return self.n < significance.FEW


def ces(answers: Sequence[int]) -> Ces | None:
    """CES 2.0: the mean of answers of 1 to 7, where 7 is the least effort."""
    _check(answers, 1, 7)
    if not answers:
        return None
    mean = fmean(answers)
    if len(answers) == 1:
        return Ces(1, Interval(1, mean, 7))
    margin = significance.critical_value() * stdev(answers) / math.sqrt(len(answers))
    return Ces(len(answers), Interval(mean - margin, mean, mean + margin).within(1, 7))


def _check(answers: Sequence[int], low: int, high: int) -> None:
    for answer in answers:
        if not low <= answer <= high:
            raise ValueError(f"{answer} is not an answer from {low} to {high}.")
