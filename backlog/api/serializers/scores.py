"""Scoring models, assessments, and why a score is what it is."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backlog.api.framework import fields
from backlog.scoring import explanation


class Scores(fields.Output):
    impact = fields.Value()
    feasibility = fields.Value()
    priority = fields.Value()
    contested = serializers.FloatField()


class Voice(fields.Output):
    """What one department says for one criterion; without a middle it has not spoken."""

    department = serializers.IntegerField()
    value = fields.Value()


class Part(fields.Output):
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


class Wanted(fields.Output):
    """A department that has not assessed everything, and how much its answer would narrow."""

    department = serializers.IntegerField()
    criteria = serializers.ListField(child=serializers.CharField())
    narrows_by = serializers.FloatField()


class Explanation(fields.Output):
    scores = Scores()
    formula = serializers.CharField()
    parts = Part(many=True)
    wanted = Wanted(many=True)
