"""Sprints, commitments and outcomes."""

from rest_framework import serializers

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.announcing import AnnouncementRead
from backlog.api.serializers.measurements import MeasurementRead
from backlog.api.serializers.references import (
    ColleagueRef,
    RequestRef,
)
from backlog.api.serializers.sprints import SprintRef
from backlog.models import (
    Commitment,
    Outcome,
)


class OutcomeRead(AnnouncementRead, fields.Read[Outcome]):
    request = RequestRef(source="commitment.request")
    sprint = SprintRef(source="commitment.sprint")
    is_pilot = serializers.BooleanField(source="commitment.is_pilot")
    summary = fields.TextByLanguage()
    missing = fields.TextByLanguage()
    measurements = MeasurementRead(many=True, help_text="The latest counts, and comes first.")
    recorded_by = ColleagueRef(allow_null=True)

    class Meta:
        model = Outcome
        fields = [
            "id",
            "commitment",
            "request",
            "sprint",
            "result",
            "is_pilot",
            "summary",
            "missing",
            "shipped_at",
            "shipped_where",
            "measurements",
            "recorded_by",
            "recorded_at",
            "asked_by",
            "asked_at",
            "countersigned_by",
            "countersigned_at",
            "announced_by",
            "announced_at",
            "is_current",
            "replaces",
        ]


class OutcomeRecord(fields.Input):
    """`summary` and `missing` are what customers read."""

    commitment = related_rows.RelatedRow(Commitment)
    result = serializers.ChoiceField(choices=Outcome.Result.choices)
    summary = fields.TextByLanguage()
    missing = fields.TextByLanguage(required=False)
    shipped_at = fields.Happened(allow_null=True, default=None)
    shipped_where = fields.of(Outcome, "shipped_where", allow_blank=True, default="")
