"""Why a score is what it is, and whose missing assessment would tell us most."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from backlog.scoring import aggregate, score
from backlog.statistics.interval import Interval


@dataclass(frozen=True, slots=True)
class Part:
    """What one criterion adds to its axis.

    `share` is its part of the axis' weight, from 0 to 1. The `points` of an axis sum to its
    middle; a criterion on which nobody has spoken has none, and the others make up for it.
    """

    criterion: score.Criterion
    value: Interval
    share: float
    points: float | None
    contested: float
    voices: score.Voices
    missing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A seated department that has not assessed everything.

    `narrows_by` is how much narrower the priority would become if it answered as the others did.
    """

    department: int
    criteria: tuple[str, ...]
    narrows_by: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """`wanted` begins with the department whose missing assessment matters most."""

    scores: score.Scores
    formula: str
    parts: tuple[Part, ...]
    wanted: tuple[Wanted, ...]


def explain(
    model: score.Model, assessed: Mapping[str, score.Voices], seated: Collection[int]
) -> Explanation:
    """The scores of one request, with everything that made them."""
    scores = score.score(model, assessed, seated)
    voices = score.hear(model, assessed, seated)
    values = score.agree(model, voices)
    parts = tuple(
        _part(criterion, model.criteria, values, voices[criterion.key], assessed)
        for criterion in model.criteria
    )
    wanted = _wanted(model, assessed, seated, values, scores.priority.width)
    return Explanation(scores, model.formula.text, parts, wanted)


def _part(
    criterion: score.Criterion,
    criteria: Collection[score.Criterion],
    values: Mapping[str, Interval],
    voices: score.Voices,
    assessed: Mapping[str, score.Voices],
) -> Part:
    axis = [each for each in criteria if each.axis == criterion.axis]
    everything = sum(each.weight for each in axis)
    spoken = sum(each.weight for each in axis if values[each.key].middle is not None)
    value = values[criterion.key]
    middle = criterion.on_axis(value).middle
    return Part(
        criterion=criterion,
        value=value,
        share=criterion.weight / everything if everything else 0.0,
        points=criterion.weight * middle / spoken if middle is not None and spoken else None,
        contested=aggregate.contested(voices.values(), criterion.scale),
        voices=voices,
        missing=tuple(key for key in voices if key not in assessed.get(criterion.key, {})),
    )


def _wanted(
    model: score.Model,
    assessed: Mapping[str, score.Voices],
    seated: Collection[int],
    values: Mapping[str, Interval],
    width: float,
) -> tuple[Wanted, ...]:
    answers = {
        criterion.key: _likely_answer(values[criterion.key], criterion.scale)
        for criterion in model.criteria
    }
    wanted = []
    for department in seated:
        silent = [key for key in answers if department not in assessed.get(key, {})]
        if silent:
            heard = {key: {**assessed.get(key, {}), department: answers[key]} for key in silent}
            then = score.score(model, {**assessed, **heard}, seated).priority.width
            wanted.append(Wanted(department, tuple(silent), max(width - then, 0.0)))
    return tuple(sorted(wanted, key=lambda each: (-each.narrows_by, each.department)))


def _likely_answer(value: Interval, scale: aggregate.Scale) -> Interval:
    return Interval.point((scale.low + scale.high) / 2 if value.middle is None else value.middle)
