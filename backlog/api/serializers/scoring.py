"""Scoring models, assessments, and why a score is what it is."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backlog.api import fields
from backlog.models import Assessment, Criterion, ScoringModel
from backlog.scoring import explanation, presets


class CriterionRead(fields.Read[Criterion]):
    names = serializers.DictField(child=serializers.CharField())
    anchors = serializers.ListField(
        child=serializers.DictField(child=serializers.CharField()), allow_empty=True
    )
    unit = serializers.DictField(child=serializers.CharField())

    class Meta:
        model = Criterion
        fields = [
            "key",
            "names",
            "anchors",
            "axis",
            "weight",
            "direction",
            "scale_low",
            "scale_high",
            "scale_step",
            "unit",
        ]


class ScoringModelRead(fields.Read[ScoringModel]):
    names = serializers.DictField(child=serializers.CharField())
    criteria = CriterionRead(many=True)

    class Meta:
        model = ScoringModel
        fields = ["id", "key", "version", "names", "formula", "is_default", "criteria"]


class ScoringModelInstall(fields.Body):
    preset = serializers.ChoiceField(choices=sorted(presets.PRESETS))


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


class AnswerGive(fields.Body):
    value = fields.of(Assessment, "value")
    confidence = serializers.ChoiceField(
        choices=Assessment.Confidence.choices, default=Assessment.Confidence.MEDIUM
    )
    note = fields.of(Assessment, "note", allow_blank=True, default="")


class Assess(fields.Body):
    """One's values by the keys of the model's criteria."""

    answers = serializers.DictField(child=AnswerGive(), allow_empty=False)


class Scores(fields.Shape):
    impact = fields.Value()
    feasibility = fields.Value()
    priority = fields.Value()
    contested = serializers.FloatField()


class Voice(fields.Shape):
    """What one department says for one criterion; without a middle it has not spoken."""

    department = serializers.IntegerField()
    value = fields.Value()


class Part(fields.Shape):
    """What one criterion adds to its axis: its share of the weight, and the points it gives."""

    criterion = serializers.CharField(source="criterion.key")
    axis = serializers.CharField(source="criterion.axis")
    value = fields.Value()
    share = serializers.FloatField()
    points = serializers.FloatField(allow_null=True)
    contested = serializers.FloatField()
    voices = serializers.SerializerMethodField()
    missing = serializers.ListField(child=serializers.IntegerField())

    @extend_schema_field(Voice(many=True))
    def get_voices(self, part: explanation.Part) -> list[dict[str, Any]]:
        voices = [
            {"department": department, "value": value} for department, value in part.voices.items()
        ]
        return list(Voice(voices, many=True).data)


class Wanted(fields.Shape):
    """A department that has not assessed everything, and how much its answer would narrow."""

    department = serializers.IntegerField()
    criteria = serializers.ListField(child=serializers.CharField())
    narrows_by = serializers.FloatField()


class Explanation(fields.Shape):
    scores = Scores()
    formula = serializers.CharField()
    parts = Part(many=True)
    wanted = Wanted(many=True)
