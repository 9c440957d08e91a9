"""What the council decided."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.references import ColleagueRef, RequestRef
from backlog.models import CustomerRequest
from backlog.rules import bounds
from council.api.serializers.councils import CouncilRef
from council.models import AgendaItem, Council, Decision


class DecisionRead(fields.Read[Decision]):
    """`frozen` is the evidence and the scores as they were when it was taken.

    What departments said (`explanation`) is left out for callers who have yet to assess it.
    """

    council = CouncilRef()
    request = RequestRef()
    decided_by = ColleagueRef()
    options = serializers.ListField(child=serializers.CharField())
    frozen = serializers.SerializerMethodField()

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

    @extend_schema_field(serializers.JSONField)
    def get_frozen(self, decision: Decision) -> dict[str, Any]:
        is_blind = getattr(decision, "is_blind", True)
        hidden = {"explanation"} if is_blind else set()
        return {name: part for name, part in decision.frozen.items() if name not in hidden}


class DecisionRecord(fields.Input):
    """Customers read `customer_words` once it is announced; they never read the rationale."""

    council = related_rows.RelatedRow(Council)
    request = related_rows.RelatedRow(CustomerRequest, "key")
    agenda_item = related_rows.RelatedRow(AgendaItem, allow_null=True, default=None)
    verdict = serializers.ChoiceField(choices=Decision.Verdict.choices)
    rationale = fields.of(Decision, "rationale")
    customer_words = fields.TextByLanguage(allow_null=True, default=None)
    options = fields.Several(
        child=fields.Text(max_length=bounds.OPTION), default=list, max_length=bounds.OPTIONS
    )
    dissent = fields.of(Decision, "dissent", allow_blank=True, default="")
    expected_effect = fields.of(Decision, "expected_effect", allow_blank=True, default="")
    review_on = fields.Day(allow_null=True, default=None)
