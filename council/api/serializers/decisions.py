"""What the council decided."""

from rest_framework import serializers

from backlog.api import fields
from backlog.api.serializers.references import ColleagueRef, RequestRef
from backlog.models import CustomerRequest
from council.api.serializers.councils import CouncilRef
from council.models import AgendaItem, Council, Decision


class DecisionRead(fields.Read[Decision]):
    """`frozen` is the evidence and the scores as they were when it was taken."""

    council = CouncilRef()
    request = RequestRef()
    decided_by = ColleagueRef()
    options = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Decision
        fields = [
            "id",
            "council",
            "agenda_item",
            "request",
            "verdict",
            "rationale",
            "options",
            "dissent",
            "expected_effect",
            "review_on",
            "decided_by",
            "decided_at",
            "status",
            "supersedes",
            "frozen",
        ]


class DecisionRecord(fields.Body):
    council = fields.Chosen(Council)
    request = fields.Chosen(CustomerRequest, "key")
    agenda_item = fields.Chosen(AgendaItem, allow_null=True, default=None)
    verdict = serializers.ChoiceField(choices=Decision.Verdict.choices)
    rationale = fields.Text()
    options = serializers.ListField(child=fields.Text(max_length=500), default=list, max_length=50)
    dissent = fields.Text(allow_blank=True, default="")
    expected_effect = fields.Text(allow_blank=True, default="")
    review_on = serializers.DateField(allow_null=True, default=None)
