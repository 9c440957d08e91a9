"""Measuring outcomes: whether what was shipped moved the figure that it was meant to move.

Lock order: request, outcome.
"""

from datetime import datetime
from decimal import Decimal
from typing import Final, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import CustomerRequest, Measurement, Outcome, User
from backlog.operations import events

SIDES: Final = ("before", "after")
_GIVEN: Final = (
    "design",
    "is_less_better",
    *(f"{side}_{it}" for side in SIDES for it in ("n", "conversions", "mean", "spread")),
)


class Figures(TypedDict, total=False):
    """Conversions of both samples; or the means of both, and then perhaps their spreads."""

    before_conversions: int | None
    after_conversions: int | None
    before_mean: Decimal | None
    after_mean: Decimal | None
    before_spread: Decimal | None
    after_spread: Decimal | None
    is_less_better: bool | None


@transaction.atomic
def measure_outcome(
    *,
    outcome_id: int,
    before_n: int,
    after_n: int,
    by: User | None,
    at: datetime,
    design: str = Measurement.Design.BEFORE_AFTER,
    **figures: Unpack[Figures],
) -> Measurement:
    """Put on record what was measured; the latest measurement counts.

    Unless `is_less_better` says otherwise, better is the way from the commitment's baseline to its
    target. Measuring the very same again changes nothing.
    """
    request, outcome = _lock(outcome_id)
    if figures.get("is_less_better") is None:
        figures["is_less_better"] = outcome.commitment.is_less_better
    measured = Measurement(
        outcome=outcome,
        design=design,
        before_n=before_n,
        after_n=after_n,
        measured_by=by,
        measured_at=at,
        **figures,
    )
    _check(measured)
    measured.full_clean(validate_unique=False, validate_constraints=False)
    last = outcome.measurements.latest_first().first()
    if last is not None and all(getattr(last, it) == getattr(measured, it) for it in _GIVEN):
        return last
    _put_on_record(measured, request)
    return measured


def _put_on_record(measured: Measurement, request: CustomerRequest) -> None:
    measured.save(force_insert=True)
    events.record(
        "outcome.measured",
        subject=measured,
        request=request,
        by=measured.measured_by,
        at=measured.measured_at,
        data={"outcome": measured.outcome_id, "verdict": measured.verdict},
    )


def _lock(outcome_id: int) -> tuple[CustomerRequest, Outcome]:
    request = CustomerRequest.objects.select_for_update(of=("self",), no_key=True).get(
        commitments__outcomes=outcome_id
    )
    outcome = (
        Outcome.objects.select_for_update(of=("self",), no_key=True)
        .select_related("commitment")
        .get(pk=outcome_id)
    )
    if outcome.shipped_at is None:
        raise errors.NothingShipped(_("Nothing was shipped that could be measured."))
    if not outcome.is_current:
        raise errors.OutcomeReplaced(_("A later outcome has taken the place of this one."))
    return request, outcome


def _check(measured: Measurement) -> None:
    if measured.design not in Measurement.Design:
        raise errors.Invalid(_("There is no such comparison."), field="design")
    has_conversions = _has_any(measured, "conversions")
    if has_conversions == _has_any(measured, "mean"):
        raise errors.Invalid(
            _("Give the conversions of both samples, or the averages of both."),
            field="before_conversions",
            code="conversions_or_means",
        )
    for side in SIDES:
        _check_sample(measured, side, needs="conversions" if has_conversions else "mean")


def _has_any(measured: Measurement, figure: str) -> bool:
    return any(getattr(measured, f"{side}_{figure}") is not None for side in SIDES)


def _check_sample(measured: Measurement, side: str, *, needs: str) -> None:
    n, conversions = getattr(measured, f"{side}_n"), getattr(measured, f"{side}_conversions")
    spread = getattr(measured, f"{side}_spread")
    if n < 1:
        raise errors.Invalid(
            _("An empty sample says nothing."), field=f"{side}_n", code="empty_sample"
        )
    if getattr(measured, f"{side}_{needs}") is None:
        raise errors.Invalid(_("Give it for both samples."), field=f"{side}_{needs}", code="blank")
    if conversions is not None and not 0 <= conversions <= n:
        raise errors.Invalid(
            _("No sample has more conversions than it has people, or fewer than none."),
            field=f"{side}_conversions",
            code="beyond_sample",
        )
    if _has_any(measured, "spread"):
        _check_spread(spread, side, is_of_means=needs == "mean")


def _check_spread(spread: Decimal | None, side: str, *, is_of_means: bool) -> None:
    field = f"{side}_spread"
    if not is_of_means:
        raise errors.Invalid(
            _("Only averages have a standard deviation."), field=field, code="no_mean"
        )
    if spread is None:
        raise errors.Invalid(_("Give it for both samples."), field=field, code="blank")
    if spread < 0:
        raise errors.Invalid(
            _("A standard deviation is never below zero."), field=field, code="negative"
        )
