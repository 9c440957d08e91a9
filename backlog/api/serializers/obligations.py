"""What is owed to customers, the messages that settle it, and their answers."""

from rest_framework import serializers

from backlog.api.framework import fields
from backlog.api.serializers.references import AccountRef, ColleagueRef, CustomerRef, RequestRef
from backlog.models import Event, Obligation, Occasion


class ObligationRead(fields.Read[Obligation]):
    customer = CustomerRef(allow_null=True)
    account = AccountRef(allow_null=True)
    request = RequestRef(allow_null=True)
    occasion = serializers.ChoiceField(choices=Occasion.choices, allow_null=True)
    outcome = serializers.IntegerField(source="outcome_id", allow_null=True)
    status_update = serializers.IntegerField(source="status_update_id", allow_null=True)
    waived_by = ColleagueRef(allow_null=True)

    class Meta:
        model = Obligation
        fields = [
            "id",
            "event",
            "customer",
            "account",
            "request",
            "occasion",
            "outcome",
            "status_update",
            "feedback",
            "status",
            "reason",
            "owed_at",
            "released_at",
            "settled_at",
            "waived_by",
            "superseded_by",
        ]


class ObligationWaive(fields.Input):
    reason = fields.of(Event, "reason")
