"""Requests, the words that speak for them, and their way over the board."""

from rest_framework import serializers

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.references import (
    ColleagueRef,
    CustomerRef,
    RequestRef,
)
from backlog.models import (
    Event,
    Evidence,
    Feedback,
)
from backlog.rules import passages


class EvidenceRead(fields.Read[Evidence]):
    excerpt = fields.Computed(
        serializers.CharField(), of=("feedback__verbatim", "start", "end"), by=passages.excerpt
    )
    feedback_id = serializers.IntegerField()
    customer = CustomerRef(source="feedback.customer", allow_null=True)
    counts_for = RequestRef()
    linked_by = ColleagueRef(allow_null=True)

    class Meta:
        model = Evidence
        fields = [
            "id",
            "feedback_id",
            "customer",
            "start",
            "end",
            "excerpt",
            "importance",
            "counts_for",
            "linked_by",
            "linked_at",
            "unlinked_at",
        ]


class EvidenceLink(fields.Input):
    """The characters from `start` up to `end` of the words; without `end`, to their end."""

    feedback = related_rows.RelatedRow(Feedback)
    start = fields.of(Evidence, "start", default=0)
    end = fields.of(Evidence, "end", min_value=1, allow_null=True, default=None)
    importance = serializers.ChoiceField(
        choices=Evidence.Importance.choices, default=Evidence.Importance.NICE
    )


class EvidenceUnlink(fields.Input):
    reason = fields.of(Event, "reason", allow_blank=True, default="")
