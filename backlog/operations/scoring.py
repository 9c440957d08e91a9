"""Assessing requests and keeping their scores."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import (
    Assessment,
    Criterion,
    CustomerRequest,
    Department,
    DepartmentScore,
    Product,
    RequestStatus,
    ScoringModel,
    User,
)
from backlog.models.assessments import awaiting
from backlog.models.requests import ASSESSED_NO_MORE
from backlog.operations import ledger, people, requests, text
from backlog.operations.apart import apart
from backlog.operations.persons import in_person
from backlog.rules.statuses import Cause
from backlog.scoring import aggregate, explanation, presets, score
from backlog.scoring import drift as drift_rule
from backlog.scoring.interval import Interval


class NoDepartment(errors.Refusal):
    """Assessments are given for a department; this person is in none."""

    code = "no_department"


class NotAssessable(errors.Refusal):
    """The request is past the point where scores matter, or its product has no model."""

    code = "not_assessable"


@transaction.atomic
def install_preset(*, key: str, by: User | None, at: datetime) -> ScoringModel:
    """The scoring model of this name, made from the preset when it is not there yet."""
    preset = presets.PRESETS.get(key)
    if preset is None:
        raise errors.Invalid(
            _("There is no preset “%(key)s”. There are: %(known)s.")
            % {"key": key, "known": ", ".join(presets.PRESETS)},
            field="key",
        )
    model = ScoringModel.objects.filter(key=preset.key).order_by("-version").first()
    if model is not None:
        return model
    is_first = not ScoringModel.objects.filter(is_default=True).exists()
    model = ScoringModel.objects.create(
        key=preset.key, names=dict(preset.name), formula=preset.formula, is_default=is_first
    )
    Criterion.objects.bulk_create(
        _criterion(model, position, each) for position, each in enumerate(preset.criteria)
    )
    ledger.record("scoring_model.added", subject=model, by=by, at=at)
    return model


def _criterion(model: ScoringModel, position: int, each: presets.CriterionPreset) -> Criterion:
    return Criterion(
        model=model,
        position=position,
        key=each.criterion.key,
        names=dict(each.name),
        anchors=[dict(anchor) for anchor in each.anchors],
        axis=each.criterion.axis.value,
        weight=Decimal(str(each.criterion.weight)),
        direction=each.criterion.direction,
        scale_low=Decimal(str(each.criterion.scale.low)),
        scale_high=Decimal(str(each.criterion.scale.high)),
        scale_step=Decimal(str(each.criterion.scale.step)),
        unit=dict(each.unit or {}),
    )


def default_model(*, by: User | None, at: datetime) -> ScoringModel:
    """What new products are scored with: impact × feasibility unless another was made default."""
    chosen = ScoringModel.objects.filter(is_default=True).first()
    return chosen or install_preset(key=presets.DEFAULT.key, by=by, at=at)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One assessor's value for one criterion."""

    value: Decimal
    confidence: str = Assessment.Confidence.MEDIUM
    note: str = ""


@in_person
@transaction.atomic
def assess(
    *, request_id: int, answers: Mapping[str, Answer], by: User, at: datetime
) -> CustomerRequest:
    """Give or change one's values, by criterion key, for one's department; scores follow at once.

    The first assessment of a new request puts it under review. All answers count or none does. What
    one changes once the others' values could be read is marked, with the value before.
    """
    if not answers:
        raise errors.Invalid(
            _("Give a value for one criterion at least."), field="answers", code="blank"
        )
    department = people.department_of(by)
    if department is None:
        raise NoDepartment(_("You are in no department, so your assessment would have no voice."))
    request, criteria = _lock_assessable(request_id)
    _check(criteria, answers)
    given = [
        Assessment(
            request=request,
            criterion=criteria[key],
            assessor=by,
            department=department,
            value=answer.value,
            confidence=answer.confidence,
            note=answer.note,
            assessed_at=at,
        )
        for key, answer in answers.items()
    ]
    spoken: dict[str, Any] = {"department": department.pk, "criteria": sorted(answers)}
    if revised := _mark_revised(given, request, by):
        spoken["revised"] = revised
    _store_values(given)
    ledger.record(
        "request.assessed",
        subject=request,
        request=request,
        by=by,
        at=at,
        data=spoken,
    )
    if request.status == RequestStatus.NEW:
        _put_under_review(request, by=by, at=at)
    return rescore(request_id=request.pk, at=at)


def _lock_assessable(request_id: int) -> tuple[CustomerRequest, dict[str, Criterion]]:
    """The request, and the criteria that it is assessed by."""
    request = (
        CustomerRequest.objects.select_for_update(of=("self",), no_key=True)
        .select_related("product")
        .get(pk=request_id)
    )
    if request.product.scoring_model_id is None or request.status in ASSESSED_NO_MORE:
        raise NotAssessable(_("%(key)s is not assessed any more.") % {"key": request.key})
    return request, _criteria_by_key(request.product.scoring_model_id)


def _mark_revised(given: Iterable[Assessment], request: CustomerRequest, by: User) -> list[str]:
    """The keys of what differs from what this person said blind, now that they are not."""
    is_blind = awaiting(by).filter(pk=request.pk).exists()
    said = Assessment.objects.filter(request=request, assessor=by)
    before = {row.criterion_id: row for row in said}
    revised = []
    for row in given:
        old = before.get(row.criterion_id)
        if old is None:
            continue
        row.blind_value, row.revised_at = old.blind_value, old.revised_at
        if not is_blind and (row.value, row.confidence) != (old.value, old.confidence):
            row.blind_value = old.value if old.blind_value is None else old.blind_value
            row.revised_at = row.assessed_at
            revised.append(row.criterion.key)
    return sorted(revised)


def _store_values(assessments: Iterable[Assessment]) -> None:
    """Each in the place of what the same person said before."""
    Assessment.objects.bulk_create(
        assessments,
        update_conflicts=True,
        unique_fields=["request", "criterion", "assessor"],
        update_fields=[
            "department",
            "value",
            "confidence",
            "note",
            "assessed_at",
            "blind_value",
            "revised_at",
        ],
    )


def _put_under_review(request: CustomerRequest, *, by: User, at: datetime) -> None:
    requests.change_status(
        request_id=request.pk,
        status=RequestStatus.UNDER_REVIEW,
        cause=Cause.ASSESSMENT,
        by=by,
        at=at,
    )


def _criteria_by_key(model_id: int) -> dict[str, Criterion]:
    rows = Criterion.objects.filter(model=model_id).order_by("position", "pk")
    return {criterion.key: criterion for criterion in rows}


def _check(criteria: Mapping[str, Criterion], answers: Mapping[str, Answer]) -> None:
    for key, answer in answers.items():
        _check_answer(criteria, key, answer)


def _check_answer(criteria: Mapping[str, Criterion], key: str, answer: Answer) -> None:
    criterion = criteria.get(key)
    if criterion is None:
        raise errors.Invalid(
            _("There is no criterion “%(key)s”. There are: %(known)s.")
            % {"key": key, "known": ", ".join(criteria)},
            field=key,
            code="unknown_criterion",
        )
    text.fitting(answer.note, Assessment, "note", field=key)
    on_scale = answer.value.is_finite() and (
        criterion.scale_low <= answer.value <= criterion.scale_high
    )
    if not on_scale:
        raise errors.Invalid(
            _("%(criterion)s goes from %(low)g to %(high)g.")
            % {
                "criterion": criterion,
                "low": criterion.scale_low,
                "high": criterion.scale_high,
            },
            field=key,
            code="off_the_scale",
        )
    if answer.confidence not in Assessment.Confidence:
        raise errors.Invalid(_("Confidence is low, medium or high."), field=key)


@transaction.atomic
def rescore(*, request_id: int, at: datetime) -> CustomerRequest:
    """Compute the scores of one request anew. Its version stays: no person edited it."""
    request = (
        CustomerRequest.objects.select_for_update(of=("self",), no_key=True)
        .select_related("product__scoring_model")
        .get(pk=request_id)
    )
    model = request.product.scoring_model
    if model is None:
        request.is_score_stale = False
        request.save(update_fields=["is_score_stale"])
        return request
    basis = _basis(request, model)
    _store_voices(request, basis)
    scores = score.score(basis.model, basis.voices, basis.seated)
    for name, value in (
        ("impact", scores.impact),
        ("feasibility", scores.feasibility),
        ("priority", scores.priority),
    ):
        setattr(request, name, value.middle)
        setattr(request, f"{name}_low", value.low)
        setattr(request, f"{name}_high", value.high)
    request.contested = scores.contested
    request.scored_with, request.scored_at, request.is_score_stale = model, at, False
    request.save(update_fields=_SCORES)
    return request


_SCORES = [
    f"{name}{end}"
    for name in ("impact", "feasibility", "priority")
    for end in ("", "_low", "_high")
] + ["contested", "scored_with", "scored_at", "is_score_stale"]


@dataclass(frozen=True)
class Basis:
    """What a request's scores are computed from."""

    model: score.Model
    criteria: dict[str, Criterion]
    voices: dict[str, dict[int, Interval]]
    seated: list[int]


def _basis(request: CustomerRequest, model: ScoringModel) -> Basis:
    criteria = _criteria_by_key(model.pk)
    pure = {key: _pure(criterion) for key, criterion in criteria.items()}
    said: dict[str, dict[int, list[aggregate.Assessment]]] = defaultdict(lambda: defaultdict(list))
    rows = Assessment.objects.filter(request=request, criterion__model=model)
    for row in rows.select_related("criterion"):
        said[row.criterion.key][row.department_id].append(
            aggregate.Assessment(float(row.value), aggregate.Confidence(row.confidence))
        )
    voices = {
        key: {
            department: aggregate.department_value(values, pure[key].scale)
            for department, values in by_department.items()
        }
        for key, by_department in said.items()
    }
    heard = {department for by_department in said.values() for department in by_department}
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


def _store_voices(request: CustomerRequest, basis: Basis) -> None:
    DepartmentScore.objects.filter(request=request).delete()
    DepartmentScore.objects.bulk_create(
        DepartmentScore(
            request=request,
            criterion=basis.criteria[key],
            department_id=department,
            low=voice.low,
            middle=voice.middle,
            high=voice.high,
        )
        for key, by_department in basis.voices.items()
        for department, voice in by_department.items()
        if voice.middle is not None
    )


def explain(request: CustomerRequest) -> explanation.Explanation | None:
    """Why the score is what it is, computed from the assessments as they are now."""
    model = request.product.scoring_model
    if model is None:
        return None
    basis = _basis(request, model)
    return explanation.explain(basis.model, basis.voices, basis.seated)


def score_stale(*, limit: int, at: datetime, after: int = 0) -> int | None:
    """Rescore up to `limit` stale requests, each in its own transaction, by their ids.

    Returns the last id, for the next call to begin after; None once there are no more. One that
    cannot be scored stays stale, and the log says why.
    """
    stale = CustomerRequest.objects.filter(is_score_stale=True, pk__gt=after).order_by("pk")
    ids = list(stale.values_list("pk", flat=True)[:limit])
    for request_id in ids:
        with apart("Request %s cannot be scored", request_id):
            rescore(request_id=request_id, at=at)
    return ids[-1] if ids else None


@transaction.atomic
def refresh_drift(*, product_id: int, at: datetime) -> int:
    """Store how far rank and priority disagree on one board; how many requests changed.

    Does nothing while the board and its scores are as they were the last time.
    """
    product = Product.objects.select_for_update(no_key=True).get(pk=product_id)
    if not _has_moved_on(product):
        return 0
    board = list(
        CustomerRequest.objects.filter(product=product)
        .on_board()
        .only("pk", "priority", "drift")
        .order_by("rank", "pk")
    )
    drifts = drift_rule.drifts([request.priority for request in board])
    changed = []
    for request, drift in zip(board, drifts, strict=True):
        if request.drift != drift:
            request.drift = drift
            changed.append(request)
    CustomerRequest.objects.bulk_update(changed, ["drift"], batch_size=500)
    product.drift_version, product.drift_at = product.board_version, at
    product.save(update_fields=["drift_version", "drift_at"])
    return len(changed)


def _has_moved_on(product: Product) -> bool:
    if product.drift_at is None or product.drift_version != product.board_version:
        return True
    rows = CustomerRequest.objects.filter(product=product)
    return (
        rows.filter(scored_at__gt=product.drift_at).exists()
        or rows.filter(status_changed_at__gt=product.drift_at).exists()
    )
