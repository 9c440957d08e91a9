"""Sprints, commitments and outcomes."""

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.capacity import EffortRead
from backlog.api.serializers.references import (
    ColleagueRef,
    RequestRef,
)
from backlog.api.serializers.sprints import SprintRef
from backlog.models import (
    Commitment,
    CustomerRequest,
    Event,
    Sprint,
)


class CommitmentRead(fields.Read[Commitment]):
    sprint = SprintRef()
    efforts = EffortRead(many=True)
    request = RequestRef()
    committed_by = ColleagueRef(allow_null=True)

    class Meta:
        model = Commitment
        fields = [
            "id",
            "sprint",
            "request",
            "hypothesis",
            "measure",
            "baseline",
            "target",
            "is_pilot",
            "efforts",
            "committed_by",
            "committed_at",
            "withdrawn_at",
            "version",
        ]


class CommitmentMake(fields.Input):
    sprint = related_rows.RelatedRow(Sprint)
    request = related_rows.RelatedRow(CustomerRequest, "key")
    hypothesis = fields.of(Commitment, "hypothesis", allow_blank=True, default="")
    measure = fields.of(Commitment, "measure", allow_blank=True, default="")
    baseline = fields.of(Commitment, "baseline", allow_null=True, default=None)
    target = fields.of(Commitment, "target", allow_null=True, default=None)
    is_pilot = fields.Flag(default=False)


class CommitmentEdit(fields.Input):
    hypothesis = fields.of(Commitment, "hypothesis", allow_blank=True, required=False)
    measure = fields.of(Commitment, "measure", allow_blank=True, required=False)
    baseline = fields.of(Commitment, "baseline", allow_null=True, required=False)
    target = fields.of(Commitment, "target", allow_null=True, required=False)
    is_pilot = fields.Flag(required=False)


class CommitmentWithdraw(fields.Input):
    reason = fields.of(Event, "reason")
