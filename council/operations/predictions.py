"""Predictions: the figures that a decision is expected to move."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from backlog.errors import Invalid
from backlog.models import User
from backlog.rules import bounds, calendars, text_input
from council.models import Decision, Prediction
from council.rules.predictions import MOST, Expected

FIELD = "predictions"


def check_expected(expected: Sequence[Expected], *, at: datetime) -> tuple[Expected, ...]:
    """As they can be kept: each names a measure that is to change, by a day that is to come."""
    if len(expected) > MOST:
        raise Invalid(_("At most %(most)d figures.") % {"most": MOST}, field=FIELD, code="too_many")
    for each in expected:
        _check(each, at)
    if len({(each.measure, each.due_on) for each in expected}) < len(expected):
        raise Invalid(_("Each measure is expected once for a day."), field=FIELD, code="not_unique")
    return tuple(expected)


def _check(each: Expected, at: datetime) -> None:
    text_input.storable(each.measure, field=FIELD)
    if not each.measure.strip():
        raise Invalid(_("Say what is measured."), field=FIELD, code="blank")
    if each.target == each.baseline:
        raise Invalid(
            _("From where to where? The two figures are the same."), field=FIELD, code="unchanged"
        )
    if each.due_on <= calendars.day_of(at):
        raise Invalid(
            _("The day by which it is expected is yet to come."), field=FIELD, code="in_the_past"
        )
    if not 1 <= each.probability <= 99:
        raise Invalid(
            _("How sure, from 1 to 99 percent: nothing is certain."), field=FIELD, code="invalid"
        )
    largest = bounds.largest(15, 4)
    if not all(_fits(figure, largest) for figure in (each.baseline, each.target)):
        raise Invalid(
            _("Figures have at most four decimals, and eleven digits before them."),
            field=FIELD,
            code="too_large",
        )


def _fits(figure: Decimal, largest: Decimal) -> bool:
    return figure.is_finite() and abs(figure) <= largest and figure == round(figure, 4)


def predict(
    decision: Decision, expected: Sequence[Expected], *, by: User, at: datetime
) -> list[Prediction]:
    """Keep what is expected of a decision, before it is sealed. The caller holds its locks."""
    return [
        Prediction.objects.create(
            decision=decision,
            measure=each.measure,
            baseline=each.baseline,
            target=each.target,
            due_on=each.due_on,
            probability=each.probability,
            predicted_by=by,
            predicted_at=at,
        )
        for each in expected
    ]
