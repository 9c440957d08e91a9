"""What the council decided."""

from typing import Any

from rest_framework import serializers

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.references import ColleagueRef, RequestRef
from backlog.models import CustomerRequest, Event
from backlog.rules import bounds
from council.api.serializers.councils import CouncilRef
from council.api.serializers.predictions import PredictionRead, several
from council.api.serializers.reviews import ReviewRead
from council.models import AgendaItem, Council, Decision


def _readable(frozen: dict[str, Any], blind: bool | None) -> dict[str, Any]:  # noqa: FBT001 -- a column
    """Where nobody asked whether its reader is blind, as right after recording it, they may be."""
    hidden = set() if blind is False else {"explanation"}
    return {name: part for name, part in frozen.items() if name not in hidden}


class DecisionRead(fields.Read[Decision]):
    """`frozen` is the evidence and the scores as they were when it was taken.

    What departments said (`explanation`) is left out for callers who have yet to assess it. Those
    that one ballot took on several requests point to the first (`taken_with`).
    """

    council = CouncilRef()
    request = RequestRef()
    decided_by = ColleagueRef()
    evidence_from = ColleagueRef(allow_null=True)
    predictions = PredictionRead(many=True)
    reviews = ReviewRead(many=True)
    options = serializers.ListField(child=serializers.CharField())
    frozen = fields.Computed(serializers.JSONField(), of=("frozen", "is_blind"), by=_readable)

    class Meta:
        model = Decision
        fields = [
            "id",
            "council",
            "agenda_item",
            "ballot",
            "request",
            "verdict",
            "rationale",
            "options",
            "conditions",
            "reason_code",
            "dissent",
            "expected_effect",
            "predictions",
            "review_on",
            "evidence_from",
            "evidence_due_on",
            "next_review_on",
            "decided_by",
            "decided_at",
            "status",
            "taken_with",
            "supersedes",
            "act",
            "what_changed",
            "reviews",
            "frozen",
        ]


class DecisionSupersede(fields.Input):
    """Customers read `customer_words` once it is announced; they never read the rationale."""

    verdict = serializers.ChoiceField(choices=Decision.Verdict.choices)
    rationale = fields.of(Decision, "rationale")
    customer_words = fields.TextByLanguage(allow_null=True, default=None)
    options = fields.Several(
        child=fields.Text(max_length=bounds.OPTION), default=list, max_length=bounds.OPTIONS
    )
    conditions = fields.of(Decision, "conditions", allow_blank=True, default="")
    reason_code = serializers.ChoiceField(
        choices=Decision.ReasonCode.choices, allow_blank=True, default=""
    )
    dissent = fields.of(Decision, "dissent", allow_blank=True, default="")
    expected_effect = fields.of(Decision, "expected_effect", allow_blank=True, default="")
    review_on = fields.Day(allow_null=True, default=None)
    evidence_from = related_rows.Colleague(allow_null=True, default=None)
    evidence_due_on = fields.Day(allow_null=True, default=None)
    predictions = several()


class DecisionRecord(DecisionSupersede):
    council = related_rows.RelatedRow(Council)
    request = related_rows.RelatedRow(CustomerRequest, "key")
    agenda_item = related_rows.RelatedRow(AgendaItem, allow_null=True, default=None)


class DecisionAmend(fields.Input):
    """What is to hold instead; what is not said stays, and what was expected always does."""

    what_changed = fields.of(Decision, "what_changed")
    rationale = fields.of(Decision, "rationale", required=False)
    options = fields.Several(
        child=fields.Text(max_length=bounds.OPTION), required=False, max_length=bounds.OPTIONS
    )
    conditions = fields.of(Decision, "conditions", allow_blank=True, required=False)
    reason_code = serializers.ChoiceField(
        choices=Decision.ReasonCode.choices, allow_blank=True, required=False
    )
    review_on = fields.Day(allow_null=True, required=False)


class DecisionCorrect(DecisionAmend):
    """The same; the request moves where it says another verdict."""

    verdict = serializers.ChoiceField(choices=Decision.Verdict.choices, required=False)


class DecisionRetire(fields.Input):
    reason = fields.of(Event, "reason")
