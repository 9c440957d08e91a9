"""Sprints, commitments and outcomes."""

from rest_framework import serializers

from backlog.api import fields
from backlog.api.serializers.references import ColleagueRef, ProductRef, RequestRef
from backlog.models import Commitment, CustomerRequest, Outcome, Product, Sprint


class SprintRead(fields.Read[Sprint]):
    product = ProductRef()

    class Meta:
        model = Sprint
        fields = [
            "id",
            "product",
            "name",
            "goal",
            "starts_on",
            "ends_on",
            "status",
            "started_at",
            "closed_at",
        ]


class SprintPlan(fields.Body):
    product = fields.Chosen(Product, "prefix")
    name = fields.Text(max_length=100)
    goal = fields.Text(allow_blank=True, default="")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()


class SprintEdit(fields.Body):
    name = fields.Text(max_length=100, required=False)
    goal = fields.Text(allow_blank=True, required=False)
    starts_on = serializers.DateField(required=False)
    ends_on = serializers.DateField(required=False)


class SprintRef(fields.Read[Sprint]):
    class Meta:
        model = Sprint
        fields = ["id", "name"]


class CommitmentRead(fields.Read[Commitment]):
    sprint = SprintRef()
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
            "committed_by",
            "committed_at",
            "withdrawn_at",
        ]


class CommitmentMake(fields.Body):
    sprint = fields.Chosen(Sprint)
    request = fields.Chosen(CustomerRequest, "key")
    hypothesis = fields.Text(allow_blank=True, default="")
    measure = fields.Text(max_length=200, allow_blank=True, default="")
    baseline = fields.Number(max_digits=16, decimal_places=4, allow_null=True, default=None)
    target = fields.Number(max_digits=16, decimal_places=4, allow_null=True, default=None)
    is_pilot = fields.Flag(default=False)


class CommitmentWithdraw(fields.Body):
    reason = fields.Text()


class OutcomeRead(fields.Read[Outcome]):
    request = RequestRef(source="commitment.request")
    sprint = SprintRef(source="commitment.sprint")
    summary = fields.TextByLanguage()
    missing = fields.TextByLanguage()
    recorded_by = ColleagueRef(allow_null=True)
    asked_by = ColleagueRef(allow_null=True)
    countersigned_by = ColleagueRef(allow_null=True)
    announced_by = ColleagueRef(allow_null=True)

    class Meta:
        model = Outcome
        fields = [
            "id",
            "commitment",
            "request",
            "sprint",
            "result",
            "summary",
            "missing",
            "shipped_at",
            "recorded_by",
            "recorded_at",
            "asked_by",
            "asked_at",
            "countersigned_by",
            "countersigned_at",
            "announced_by",
            "announced_at",
            "measured_value",
            "measured_at",
            "is_current",
            "replaces",
        ]


class OutcomeRecord(fields.Body):
    """`summary` and `missing` are what customers read."""

    commitment = fields.Chosen(Commitment)
    result = serializers.ChoiceField(choices=Outcome.Result.choices)
    summary = fields.TextByLanguage()
    missing = fields.TextByLanguage(required=False)
    shipped_at = fields.Moment(allow_null=True, default=None)
