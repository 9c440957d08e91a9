"""What is owed to customers, the messages that settle it, and their answers."""

from rest_framework import serializers

from backlog.api import fields
from backlog.api.serializers.references import ColleagueRef, CustomerRef, RequestRef
from backlog.models import Event, Notice, NoticeItem, Obligation, Occasion, Reply
from backlog.operations import reports


class ObligationRead(fields.Read[Obligation]):
    customer = CustomerRef(allow_null=True)
    request = RequestRef(allow_null=True)
    occasion = serializers.ChoiceField(choices=Occasion.choices, allow_null=True)
    waived_by = ColleagueRef(allow_null=True)

    class Meta:
        model = Obligation
        fields = [
            "id",
            "event",
            "customer",
            "request",
            "occasion",
            "outcome",
            "news",
            "feedback",
            "status",
            "reason",
            "owed_at",
            "released_at",
            "settled_at",
            "waived_by",
            "superseded_by",
        ]


class ObligationWaive(fields.Body):
    reason = fields.of(Event, "reason")


class NoticeItemRead(fields.Read[NoticeItem]):
    class Meta:
        model = NoticeItem
        fields = ["obligation", "is_live"]


class NoticeRead(fields.Read[Notice]):
    """A message; `obligations` are what it settles."""

    customer = CustomerRef(allow_null=True)
    user = ColleagueRef(allow_null=True)
    address = serializers.CharField(source="contact_point.address", default="")
    obligations = NoticeItemRead(source="items", many=True)

    class Meta:
        model = Notice
        fields = [
            "id",
            "customer",
            "user",
            "channel",
            "address",
            "template",
            "language",
            "status",
            "created_at",
            "not_before",
            "waits_for",
            "attempts",
            "sent_at",
            "failure",
            "judged_as",
            "obligations",
        ]


class NoticeReport(fields.Body):
    """`at` is when it happened; `detail` is what the other server said."""

    message_id = fields.Text(max_length=998)
    kind = serializers.ChoiceField(choices=reports.Kind.choices)
    at = fields.Happened(required=False)
    detail = fields.Text(required=False, max_length=1000)


class ReplyRead(fields.Read[Reply]):
    """A customer's answer; `words` are feedback of their own, quoted here."""

    customer = CustomerRef(source="obligation.customer", allow_null=True)
    request = RequestRef(source="obligation.request")
    outcome = serializers.IntegerField(source="obligation.outcome_id", allow_null=True)
    words = serializers.CharField(source="feedback.verbatim", default="")

    class Meta:
        model = Reply
        fields = [
            "id",
            "obligation",
            "customer",
            "request",
            "outcome",
            "verdict",
            "satisfaction",
            "feedback",
            "words",
            "answered_at",
        ]
