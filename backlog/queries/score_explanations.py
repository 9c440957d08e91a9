"""Why a score is what it is."""

from collections import defaultdict
from dataclasses import dataclass

from backlog.models import (
    Assessment,
    Criterion,
    CustomerRequest,
    Department,
    ScoringModel,
)
from backlog.scoring import aggregate, explanation, score
from backlog.statistics.interval import Interval


def criteria_by_key(model_id: int) -> dict[str, Criterion]:
    rows = Criterion.objects.filter(model=model_id).order_by("position", "pk")
    return {criterion.key: criterion for criterion in rows}


@dataclass(frozen=True)
class Basis:
    """What a request's scores are computed from."""

    model: score.Model
    criteria: dict[str, Criterion]
    voices: dict[str, dict[int, Interval]]
    seated: list[int]


def basis_of(request: CustomerRequest, model: ScoringModel) -> Basis:
    criteria = criteria_by_key(model.pk)
    pure = {key: _pure(criterion) for key, criterion in criteria.items()}
    assessments: dict[str, dict[int, list[aggregate.Assessment]]] = defaultdict(
        lambda: defaultdict(list)
    )
    rows = Assessment.objects.filter(request=request, criterion__model=model)
    for row in rows.select_related("criterion"):
        assessments[row.criterion.key][row.department_id].append(
            aggregate.Assessment(float(row.value), aggregate.Confidence(row.confidence))
        )
    voices = {
        key: {
            department: aggregate.department_value(values, pure[key].scale)
            for department, values in by_department.items()
        }
        for key, by_department in assessments.items()
    }
    heard = {department for by_department in assessments.values() for department in by_department}
    seated = set(Department.objects.seated().values_list("pk", flat=True))
    built = score.Model.build(list(pure.values()), model.formula)
    # Before there is a council, whoever assesses has a voice.
    return Basis(built, criteria, voices, sorted(seated or heard))


def _pure(criterion: Criterion) -> score.Criterion:
    return score.Criterion(
        key=criterion.key,
        axis=score.Axis(criterion.axis),
        scale=aggregate.Scale(
            float(criterion.scale_low), float(criterion.scale_high), float(criterion.scale_step)
        ),
        weight=float(criterion.weight),
        direction=1 if criterion.direction == 1 else -1,
    )


def explain(request: CustomerRequest) -> explanation.Explanation | None:
    """Why the score is what it is, computed from the assessments as they are now."""
    model = request.product.scoring_model
    if model is None:
        return None
    basis = basis_of(request, model)
    return explanation.explain(basis.model, basis.voices, basis.seated)
