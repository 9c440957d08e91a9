"""Taking assessments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.auth.personal_acts import in_person
from backlog.errors import NoDepartment, NotAssessable
from backlog.models import (
    Assessment,
    Criterion,
    CustomerRequest,
    RequestStatus,
    User,
)
from backlog.models.assessments import awaiting
from backlog.models.requests import ASSESSED_NO_MORE
from backlog.operations import events, requests, scores
from backlog.queries import memberships as membership_queries
from backlog.queries import score_explanations
from backlog.rules import text_input
from backlog.rules.statuses import Cause


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One assessor's value for one criterion.

    Where it `is_guarded`, it takes the place of the value `before`, and of no other; None says that
    there was none.
    """

    value: Decimal
    confidence: str = Assessment.Confidence.MEDIUM
    note: str = ""
    before: Decimal | None = None
    is_guarded: bool = False


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
    department = membership_queries.department_of(by)
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
            assessed_at=at,
            value=answer.value,
            confidence=answer.confidence,
            note=answer.note,
        )
        for key, answer in answers.items()
    ]
    _refuse_if_changed(given, answers)
    data: dict[str, Any] = {"department": department.pk, "criteria": sorted(answers)}
    if revised := _mark_revised(given, request, by):
        data["revised"] = revised
    _store_values(given)
    events.record("request.assessed", subject=request, request=request, by=by, at=at, data=data)
    if request.status == RequestStatus.NEW:
        _put_under_review(request, by=by, at=at)
    return scores.rescore(request_id=request.pk, by=by, at=at)


def _lock_assessable(request_id: int) -> tuple[CustomerRequest, dict[str, Criterion]]:
    """The request, and the criteria that it is assessed by."""
    request = (
        CustomerRequest.objects.select_for_update(of=("self",), no_key=True)
        .select_related("product")
        .get(pk=request_id)
    )
    if request.product.scoring_model_id is None or request.status in ASSESSED_NO_MORE:
        raise NotAssessable(_("%(key)s is not assessed any more.") % {"key": request.key})
    return request, score_explanations.criteria_by_key(request.product.scoring_model_id)


def _refuse_if_changed(given: Iterable[Assessment], answers: Mapping[str, Answer]) -> None:
    """What the same person said in another tab, or by another program, is not taken back."""
    for row in given:
        answer = answers[row.criterion.key]
        said = Assessment.objects.filter(
            request=row.request, criterion=row.criterion, assessor=row.assessor
        )
        now = said.values_list("value", flat=True).first() if answer.is_guarded else None
        if answer.is_guarded and now not in (answer.before, answer.value):
            raise errors.VersionConflict(
                _("Your value for “%(criterion)s” is another by now: %(value)s.")
                % {"criterion": row.criterion, "value": "–" if now is None else f"{now:g}"},
                criterion=row.criterion.key,
                value=None if now is None else str(now),
            )


def _mark_revised(given: Iterable[Assessment], request: CustomerRequest, by: User) -> list[str]:
    """The keys of what differs from what this person said blind, now that they are not."""
    is_blind = awaiting(by).filter(pk=request.pk).exists()
    known = Assessment.objects.filter(request=request, assessor=by)
    before = {row.criterion_id: row for row in known}
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
    text_input.fitting(answer.note, Assessment, "note", field=key)
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
