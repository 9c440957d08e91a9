"""Scoring models, assessments, and why a score is what it is."""

from rest_framework import serializers

from backlog.api.framework import fields
from backlog.models import Criterion, ScoringModel
from backlog.scoring import presets


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


class ScoringModelInstall(fields.Input):
    preset = serializers.ChoiceField(choices=sorted(presets.PRESETS))
