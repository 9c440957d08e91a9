"""What is owed to customers, the messages that settle it, and their answers."""

from rest_framework import serializers

from backlog.api.framework import fields
from backlog.api.serializers.references import CustomerRef, RequestRef
from backlog.models import Reply


class ReplyRead(fields.Read[Reply]):
    """A customer's answer; `words` are feedback of their own, quoted here."""

    customer = CustomerRef(source="obligation.customer", allow_null=True)
    request = RequestRef(source="obligation.request")
    outcome = serializers.IntegerField(source="obligation.announcement.outcome_id", allow_null=True)
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
