"""Scoring models, assessments, and why a score is what it is."""

from rest_framework import serializers

from backlog.api.framework import fields
from backlog.models import Assessment


class AssessmentRead(fields.Read[Assessment]):
    criterion = serializers.CharField(source="criterion.key")
    department = serializers.CharField(source="department.name")

    class Meta:
        model = Assessment
        fields = [
            "criterion",
            "department",
            "value",
            "confidence",
            "note",
            "assessed_at",
            "blind_value",
            "revised_at",
        ]


class AnswerGive(fields.Input):
    value = fields.of(Assessment, "value")
    confidence = serializers.ChoiceField(
        choices=Assessment.Confidence.choices, default=Assessment.Confidence.MEDIUM
    )
    note = fields.of(Assessment, "note", allow_blank=True, default="")
    before = fields.of(Assessment, "value", required=False, allow_null=True)


class Assess(fields.Input):
    """One's values by the keys of the model's criteria."""

    answers = fields.ByName(child=AnswerGive(), allow_empty=False, most=100)
