"""Suggestions: what is proposed, by whom, and what came of it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.references import ColleagueRef, RequestRef
from backlog.models import Customer, CustomerRequest, Event, Feedback, Suggestion

NEEDS = {
    Suggestion.Kind.LINK: ("feedback", "request"),
    Suggestion.Kind.MERGE_REQUESTS: ("request", "into_request"),
    Suggestion.Kind.MERGE_CUSTOMERS: ("customer", "into_customer"),
}


class SuggestionRead(fields.Read[Suggestion]):
    request = RequestRef(allow_null=True)
    into_request = RequestRef(allow_null=True)
    proposed_by = ColleagueRef(allow_null=True)
    decided_by = ColleagueRef(allow_null=True)

    class Meta:
        model = Suggestion
        fields = [
            *("id", "kind", "feedback", "request", "into_request", "customer", "into_customer"),
            *("origin", "name", "version", "reason", "score", "state"),
            *("proposed_by", "proposed_at", "decided_by", "decided_at"),
        ]


class SuggestionMake(fields.Input):
    """Of `link` name `feedback` and `request`; of a merge the two, `into_…` being what stays."""

    kind = serializers.ChoiceField(choices=Suggestion.Kind.choices)
    feedback = related_rows.RelatedRow(Feedback, required=False)
    request = related_rows.RelatedRow(CustomerRequest, "key", required=False)
    into_request = related_rows.RelatedRow(CustomerRequest, "key", required=False)
    customer = related_rows.RelatedRow(Customer, required=False)
    into_customer = related_rows.RelatedRow(Customer, required=False)
    origin = serializers.ChoiceField(
        choices=[("model", _("model")), ("agent", _("agent")), ("person", _("colleague"))],
        default="agent",
    )
    name = fields.of(Suggestion, "name", required=False, allow_blank=True)
    version = fields.of(Suggestion, "version", required=False, allow_blank=True)
    reason = fields.of(Suggestion, "reason", required=False, allow_blank=True)
    score = serializers.FloatField(min_value=0, max_value=1, required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        named = {name for names in NEEDS.values() for name in names if attrs.get(name)}
        needed = NEEDS[attrs["kind"]]
        for name in needed:
            if name not in named:
                raise serializers.ValidationError({name: _("This kind of suggestion names it.")})
        for name in sorted(named - {*needed}):
            raise serializers.ValidationError({name: _("This kind of suggestion is not about it.")})
        return attrs


class SuggestionAccept(fields.Input):
    """A merge takes a reason; `is_reversed` lets the other of the two stay."""

    reason = fields.of(Event, "reason", required=False, allow_blank=True)
    is_reversed = serializers.BooleanField(default=False)


class SuggestionAcceptance(fields.Output):
    """Of one origin; `share` is in percent of what people decided, null where they have not yet."""

    origin = serializers.CharField()
    name = serializers.CharField()
    version = serializers.CharField()
    proposed = serializers.IntegerField()
    accepted = serializers.IntegerField()
    edited = serializers.IntegerField()
    dismissed = serializers.IntegerField()
    expired = serializers.IntegerField()
    share = serializers.IntegerField(allow_null=True)
