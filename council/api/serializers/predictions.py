"""What a decision is expected to move, and what came of it."""

from typing import Any

from rest_framework import serializers

from backlog.api.framework import fields
from backlog.api.serializers.references import ColleagueRef
from council.models import Prediction
from council.rules.predictions import MOST, Expected


class ExpectedInput(fields.Input):
    """A measure, from where to where, by when, and how sure, from 1 to 99 percent."""

    measure = fields.of(Prediction, "measure")
    baseline = fields.of(Prediction, "baseline")
    target = fields.of(Prediction, "target")
    due_on = fields.Day()
    probability = fields.of(Prediction, "probability", min_value=1, max_value=99)


def several() -> Any:
    return fields.Several(child=ExpectedInput(), default=list, max_length=MOST)


def expected(data: dict[str, Any]) -> dict[str, Any]:
    """The facts of a body, with its figures as the operation takes them."""
    return {**data, "predictions": tuple(Expected(**each) for each in data["predictions"])}


class ExpectedRead(fields.Output):
    measure = serializers.CharField()
    baseline = serializers.FloatField()
    target = serializers.FloatField()
    due_on = serializers.DateField()
    probability = serializers.IntegerField()


class PredictionRead(fields.Read[Prediction]):
    """`result` and `actual` are said by a review, once its day has come."""

    predicted_by = ColleagueRef()

    class Meta:
        model = Prediction
        fields = [
            "id",
            "measure",
            "baseline",
            "target",
            "due_on",
            "probability",
            "predicted_by",
            "predicted_at",
            "result",
            "actual",
        ]
