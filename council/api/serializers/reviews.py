"""What came of a decision, as somebody says it."""

from typing import Any

from rest_framework import serializers

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.references import ColleagueRef
from council.models import Prediction, Review
from council.operations.reviews import Came, Findings
from council.rules.predictions import MOST


class ReviewRead(fields.Read[Review]):
    reviewed_by = ColleagueRef()

    class Meta:
        model = Review
        fields = [
            "id",
            "result",
            "words",
            "conclusion",
            "next_on",
            "reviewed_by",
            "reviewed_at",
        ]


class CameInput(fields.Input):
    """What came of one figure of the decision."""

    prediction = related_rows.RelatedRow(Prediction)
    result = serializers.ChoiceField(choices=Prediction.Result.choices)
    actual = fields.of(Prediction, "actual", allow_null=True, default=None)


class DecisionReview(fields.Input):
    """What came of each figure, or (`result`) of the expected effect in words, and what follows."""

    words = fields.of(Review, "words")
    conclusion = serializers.ChoiceField(choices=Review.Conclusion.choices)
    predictions = fields.Several(child=CameInput(), default=list, max_length=MOST)
    result = serializers.ChoiceField(
        choices=Prediction.Result.choices, allow_blank=True, default=""
    )
    next_on = fields.Day(allow_null=True, default=None)


def findings(data: dict[str, Any]) -> Findings:
    came = {
        each["prediction"].pk: Came(each["result"], each["actual"])
        for each in data.pop("predictions")
    }
    return Findings(came=came, **data)
