"""Sprints, commitments and outcomes."""

from typing import Any

from rest_framework import serializers

from backlog.api.framework import fields
from backlog.api.serializers.references import (
    ColleagueRef,
)
from backlog.models import (
    Measurement,
)

# What its verdict follows from.
MEASURED = (
    *("before_n", "before_conversions", "before_mean", "before_spread"),
    *("after_n", "after_conversions", "after_mean", "after_spread"),
    "is_less_better",
)


def _measurement(*measured: Any) -> Measurement:
    return Measurement(**dict(zip(MEASURED, measured, strict=True)))


def _difference(*measured: Any) -> dict[str, float | None] | None:
    found = _measurement(*measured).difference
    return fields.with_bounds(found.middle, found.low, found.high) if found is not None else None


class MeasurementRead(fields.Read[Measurement]):
    """`difference` is where it truly lies at 95 %: in points for shares, else as the averages are.

    It and `p_value` are null, and the verdict `untested`, for averages without their spreads.
    """

    verdict = fields.Computed(
        serializers.ChoiceField(choices=Measurement.Verdict.choices),
        of=MEASURED,
        by=lambda *measured: _measurement(*measured).verdict,
    )
    difference = fields.Computed(fields.Value(allow_null=True), of=MEASURED, by=_difference)
    p_value = fields.Computed(
        serializers.FloatField(allow_null=True),
        of=MEASURED,
        by=lambda *measured: _measurement(*measured).p_value,
    )
    measured_by = ColleagueRef(allow_null=True)

    class Meta:
        model = Measurement
        fields = [
            "id",
            "design",
            "before_n",
            "before_conversions",
            "before_mean",
            "before_spread",
            "after_n",
            "after_conversions",
            "after_mean",
            "after_spread",
            "is_less_better",
            "verdict",
            "difference",
            "p_value",
            "measured_by",
            "measured_at",
        ]


class OutcomeMeasure(fields.Input):
    """Two samples: before and after it shipped, or (`ab`) the control and the variant.

    Either the conversions of both, or the averages of both; with their standard deviations, a
    change can be told from chance. Unless said here, better is the way to the target.
    """

    design = serializers.ChoiceField(
        choices=Measurement.Design.choices, default=Measurement.Design.BEFORE_AFTER
    )
    before_n = fields.of(Measurement, "before_n", min_value=1)
    before_conversions = fields.of(Measurement, "before_conversions", allow_null=True, default=None)
    before_mean = fields.of(Measurement, "before_mean", allow_null=True, default=None)
    before_spread = fields.of(
        Measurement, "before_spread", min_value=0, allow_null=True, default=None
    )
    after_n = fields.of(Measurement, "after_n", min_value=1)
    after_conversions = fields.of(Measurement, "after_conversions", allow_null=True, default=None)
    after_mean = fields.of(Measurement, "after_mean", allow_null=True, default=None)
    after_spread = fields.of(
        Measurement, "after_spread", min_value=0, allow_null=True, default=None
    )
    is_less_better = fields.Flag(allow_null=True, default=None)
