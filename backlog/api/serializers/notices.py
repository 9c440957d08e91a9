"""What is owed to customers, the messages that settle it, and their answers."""

from rest_framework import serializers

from backlog.api.framework import fields
from backlog.api.serializers.references import ColleagueRef, CustomerRef
from backlog.models import Notice, NoticeItem
from backlog.operations import bounces


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
            "nature",
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


class NoticeReport(fields.Input):
    """`at` is when it happened; `detail` is what the other server said."""

    message_id = fields.Text(max_length=998)
    kind = serializers.ChoiceField(choices=bounces.Kind.choices)
    at = fields.Happened(required=False)
    detail = fields.Text(required=False, max_length=1000)
