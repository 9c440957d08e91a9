"""Who will be told of an outcome, and what they will read."""

from rest_framework import serializers

from backlog.api.framework import fields
from backlog.api.serializers.references import ColleagueRef, CustomerRef
from backlog.models import ContactPoint, Language, Obligation


class MessageRead(fields.Output):
    """What one customer would read; its links open nothing."""

    language = serializers.ChoiceField(choices=Language.choices)
    customer = CustomerRef(allow_null=True)
    subject = serializers.CharField()
    text = serializers.CharField()
    html = serializers.CharField()


class AnnouncementRead(fields.Output):
    """How far telling the customers has come."""

    asked_by = ColleagueRef(source="announcement.asked_by", allow_null=True)
    asked_at = serializers.DateTimeField(source="announcement.asked_at", allow_null=True)
    countersigned_by = ColleagueRef(source="announcement.countersigned_by", allow_null=True)
    countersigned_at = serializers.DateTimeField(
        source="announcement.countersigned_at", allow_null=True
    )
    announced_by = ColleagueRef(source="announcement.announced_by", allow_null=True)
    announced_at = serializers.DateTimeField(source="announcement.announced_at", allow_null=True)


class PreviewRead(fields.Output):
    """How many will be told, by language; how many are left out, by reason; an example of each."""

    told = serializers.IntegerField()
    by_language = serializers.DictField(child=serializers.IntegerField())
    left_out = serializers.IntegerField()
    by_reason = serializers.DictField(child=serializers.IntegerField())
    needs_countersign = serializers.BooleanField()
    in_other_language = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="How many, by language, would read it in a language that is not theirs.",
    )
    messages = MessageRead(many=True)


class AnnounceStep(fields.Input):
    """`in_other_language`: tell also those in whose language nobody has written it."""

    in_other_language = fields.Flag(default=False)


class QuoteRead(fields.Output):
    words = serializers.CharField()
    said_at = fields.Moment()


class RecipientRead(fields.Output):
    """One customer who asked; `reason` says why they are left out, if they are."""

    customer = CustomerRef(allow_null=True)
    language = serializers.ChoiceField(source="customer.language", choices=Language.choices)
    channel = serializers.ChoiceField(choices=ContactPoint.Channel.choices, allow_blank=True)
    address = serializers.CharField()
    reason = serializers.ChoiceField(
        source="why", choices=Obligation.Reason.choices, allow_blank=True
    )
    quotes = QuoteRead(many=True)
