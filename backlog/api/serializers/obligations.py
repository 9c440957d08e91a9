"""What is owed to customers, the messages that settle it, and their answers."""

from rest_framework import serializers

from backlog.api.framework import fields
from backlog.api.serializers.references import AccountRef, ColleagueRef, CustomerRef, RequestRef
from backlog.models import Event, Obligation, Occasion
from backlog.models.obligations import occasion_of


class ObligationRead(fields.Read[Obligation]):
    customer = CustomerRef(allow_null=True)
    account = AccountRef(allow_null=True)
    request = RequestRef(allow_null=True)
    occasion = fields.Computed(
        serializers.ChoiceField(choices=Occasion.choices, allow_null=True),
        of=(
            "announcement__outcome__result",
            "announcement__status_update__kind",
            "feedback_id",
        ),
        by=occasion_of,
    )
    outcome = serializers.IntegerField(source="announcement.outcome_id", allow_null=True)
    status_update = serializers.IntegerField(
        source="announcement.status_update_id", allow_null=True
    )
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
