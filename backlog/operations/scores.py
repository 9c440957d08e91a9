"""Computing scores, and keeping them."""

from datetime import datetime

from django.db import transaction

from backlog.db.isolation import isolated
from backlog.models import (
    CustomerRequest,
    DepartmentScore,
    User,
)
from backlog.queries import score_explanations
from backlog.queries.score_explanations import Basis
from backlog.scoring import score


@transaction.atomic
def rescore(*, request_id: int, by: User | None, at: datetime) -> CustomerRequest:
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
    basis = score_explanations.basis_of(request, model)
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


def score_stale(*, limit: int, by: User | None, at: datetime, after: int = 0) -> int | None:
    """Rescore up to `limit` stale requests, each in its own transaction, by their ids.

    Returns the last id, for the next call to begin after; None once there are no more. One that
    cannot be scored stays stale, and the log says why.
    """
    stale = CustomerRequest.objects.filter(is_score_stale=True, pk__gt=after).order_by("pk")
    ids = list(stale.values_list("pk", flat=True)[:limit])
    for request_id in ids:
        with isolated("Request %s cannot be scored", request_id):
            rescore(request_id=request_id, by=by, at=at)
    return ids[-1] if ids else None
