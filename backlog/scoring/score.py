"""The scores of one request, from a scoring model and what the departments say.

Nothing here looks at any other request, so a new one never changes the score of an old one.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Self

from backlog.scoring import aggregate, formula
from backlog.scoring.aggregate import Scale
from backlog.statistics.interval import Interval

Voices = Mapping[int, Interval]
"""What each department says for one criterion, by the department's id."""


class Axis(StrEnum):
    IMPACT = "impact"
    FEASIBILITY = "feasibility"


WHOLE_AXIS = Interval(0, None, 100)


@dataclass(frozen=True, slots=True)
class Criterion:
    """`direction` is -1 where more is worse, as with effort."""

    key: str
    axis: Axis
    scale: Scale
    weight: float = 1
    direction: Literal[1, -1] = 1

    def __post_init__(self) -> None:
        if not (math.isfinite(self.weight) and self.weight >= 0):
            raise ValueError(f"Not a weight: {self.weight}.")

    def on_axis(self, value: Interval) -> Interval:
        """The same value from 0 (worst) to 100 (best)."""
        span = self.scale.high - self.scale.low
        worst = self.scale.low if self.direction == 1 else self.scale.high

        def percent(number: float) -> float:
            return 100 * abs(number - worst) / span

        middle = None if value.middle is None else percent(value.middle)
        return Interval.spanning((percent(value.low), percent(value.high)), middle)


@dataclass(frozen=True, slots=True)
class Model:
    criteria: tuple[Criterion, ...]
    formula: formula.Formula

    @classmethod
    def build(cls, criteria: Collection[Criterion], formula_text: str) -> Self:
        """Raise FormulaError where the text is refused, or a criterion has a name that is taken."""
        domains = dict.fromkeys(map(str, Axis), WHOLE_AXIS)
        for criterion in criteria:
            if criterion.key in domains:
                raise formula.FormulaError(formula.Problem.BAD_NAME, name=criterion.key)
            domains[criterion.key] = criterion.scale.unknown
        return cls(tuple(criteria), formula.parse(formula_text, domains))


@dataclass(frozen=True, slots=True)
class Scores:
    """Impact and feasibility from 0 to 100, priority in the model's own unit."""

    impact: Interval
    feasibility: Interval
    priority: Interval
    contested: float
    """The disagreement on the criterion where the departments disagree most, from 0 to 100."""


def score(model: Model, assessed: Mapping[str, Voices], seated: Collection[int]) -> Scores:
    """The scores of one request.

    `assessed` holds by criterion what departments have said. Only those seated have a voice, and
    a seated one that is missing there can still say anything.
    """
    voices = hear(model, assessed, seated)
    values = agree(model, voices)
    impact, feasibility = (axis_score(model.criteria, values, axis) for axis in Axis)
    axes = {str(Axis.IMPACT): impact, str(Axis.FEASIBILITY): feasibility}
    contested = (
        aggregate.contested(voices[criterion.key].values(), criterion.scale)
        for criterion in model.criteria
        if criterion.weight
    )
    return Scores(
        impact=impact,
        feasibility=feasibility,
        priority=model.formula.evaluate(values | axes),
        contested=max(contested, default=0.0),
    )


def hear(
    model: Model, assessed: Mapping[str, Voices], seated: Collection[int]
) -> dict[str, Voices]:
    """What each seated department says for each criterion, the silent ones included."""
    voices: dict[str, Voices] = {}
    for criterion in model.criteria:
        answers, silent = assessed.get(criterion.key, {}), criterion.scale.unknown
        voices[criterion.key] = {
            department: answers.get(department, silent) for department in seated
        }
    return voices


def agree(model: Model, voices: Mapping[str, Voices]) -> dict[str, Interval]:
    """What the departments say together for each criterion."""
    return {
        criterion.key: aggregate.criterion_value(voices[criterion.key].values(), criterion.scale)
        for criterion in model.criteria
    }


def axis_score(
    criteria: Collection[Criterion], values: Mapping[str, Interval], axis: Axis
) -> Interval:
    """The weighted mean of an axis' criteria, from 0 to 100.

    As with departments: a criterion on which nobody has spoken counts in the bounds only.
    """
    weighed = [
        (criterion.weight, criterion.on_axis(values[criterion.key]))
        for criterion in criteria
        if criterion.axis == axis and criterion.weight
    ]
    if not weighed:
        return WHOLE_AXIS
    low = _weighted_mean([(weight, value.low) for weight, value in weighed])
    high = _weighted_mean([(weight, value.high) for weight, value in weighed])
    known = [(weight, value.middle) for weight, value in weighed if value.middle is not None]
    middle = _weighted_mean(known) if known else None
    return Interval.spanning((low, high), middle).within(0, 100)


def _weighted_mean(weighed: Collection[tuple[float, float]]) -> float:
    return sum(weight * value for weight, value in weighed) / sum(weight for weight, _ in weighed)
