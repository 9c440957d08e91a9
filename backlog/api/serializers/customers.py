"""Accounts and customers, with how they may be reached and what they let us do."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.consents import ConsentRead
from backlog.api.serializers.contact_points import ContactPointRead
from backlog.api.serializers.identities import IdentityRead
from backlog.api.serializers.references import AccountRef
from backlog.models import Account, Customer, Event, Language, Source
from backlog.rules import time_zones


class CustomerRead(fields.Read[Customer]):
    account = AccountRef(allow_null=True)
    contact_points = ContactPointRead(many=True)
    identities = IdentityRead(many=True)
    consents = ConsentRead(many=True)

    class Meta:
        model = Customer
        fields = [
            "id",
            "token",
            "name",
            "account",
            "language",
            "time_zone",
            "rhythm",
            "created_at",
            "merged_into",
            "erased_at",
            "contact_points",
            "identities",
            "consents",
        ]


PLACES: Final = 1_000


def _place() -> serializers.CharField:
    return fields.Text(max_length=100)


class CustomerErased(CustomerRead):
    """What is left; in `kept_mentions` texts may still mean the person, and were kept knowingly."""

    kept_mentions = serializers.IntegerField(read_only=True)

    class Meta(CustomerRead.Meta):
        fields = [*CustomerRead.Meta.fields, "kept_mentions"]


class TimeZone(fields.Text):
    default_error_messages = {"unknown": _("There is no such time zone.")}

    def to_internal_value(self, data: Any) -> str:
        name = super().to_internal_value(data)
        if not time_zones.is_known(name):
            self.fail("unknown")
        return name


class CustomerFacts(fields.Input):
    """What may be known of a person at first sight, and corrected later."""

    name = fields.of(Customer, "name", allow_blank=True, required=False)
    language = serializers.ChoiceField(choices=Language.choices, required=False)
    time_zone = TimeZone(max_length=64, required=False)
    rhythm = serializers.ChoiceField(choices=Customer.Rhythm.choices, required=False)
    account = related_rows.RelatedRow(Account, allow_null=True, required=False)


class CustomerAdd(CustomerFacts):
    """With a source and its number for the person, the same person is found there again."""

    email = fields.Email(required=False)
    source = related_rows.RelatedRow(Source, "key", required=False)  # type: ignore[assignment]
    external_id = fields.SourceNumber(required=False)


class CustomerEdit(CustomerFacts):
    pass


class CustomerMerge(fields.Input):
    """Into which record, and why."""

    into = related_rows.RelatedRow(Customer)
    reason = fields.of(Event, "reason")


class CustomerUnmerge(fields.Input):
    reason = fields.of(Event, "reason")


class Erase(fields.Input):
    """`meant` and `not_meant` are places of the preview; `others` is said of all other places."""

    reason = fields.Text(max_length=500)
    meant = serializers.ListField(child=_place(), max_length=PLACES, required=False)
    not_meant = serializers.ListField(child=_place(), max_length=PLACES, required=False)
    others = serializers.ChoiceField(choices=["meant", "not_meant"], required=False)


class PossibleMention(serializers.Serializer[Any]):
    """A text of others that may mean the person; `words` are those that may, null if unseen."""

    place = serializers.CharField()
    text = serializers.CharField(allow_null=True)
    words = serializers.ListField(child=serializers.CharField(), allow_null=True)

    def to_representation(self, instance: Any) -> Any:
        shown = instance.is_seen_by(self.context["viewer"])
        return {
            "place": instance.place,
            "text": instance.text if shown else None,
            "words": instance.words if shown else None,
        }


class ErasurePreview(serializers.Serializer[Any]):
    """As counts; the first eight go, the others stay. Of `possible`, the caller has to say."""

    records = serializers.IntegerField()
    addresses = serializers.IntegerField()
    numbers = serializers.IntegerField()
    words = serializers.IntegerField()
    unsent_messages = serializers.IntegerField()
    mentions = serializers.DictField(child=serializers.IntegerField())
    mails = serializers.IntegerField()
    reports = serializers.IntegerField()
    ratings = serializers.IntegerField()
    answers = serializers.IntegerField()
    evidence = serializers.IntegerField()
    sent_messages = serializers.IntegerField()
    is_being_written_to = serializers.BooleanField()
    possible = PossibleMention(many=True)


class PersonalCopy(serializers.Serializer[Any]):
    """One document; what its entries hold is described in the guide to the API."""

    format = serializers.CharField()
    made_at = serializers.DateTimeField()
    left_out = serializers.IntegerField()
    records = serializers.ListField(child=serializers.DictField())
    affiliations = serializers.ListField(child=serializers.DictField())
    addresses = serializers.ListField(child=serializers.DictField())
    numbers = serializers.ListField(child=serializers.DictField())
    consents = serializers.ListField(child=serializers.DictField())
    feedback = serializers.ListField(child=serializers.DictField())
    told = serializers.ListField(child=serializers.DictField())
    messages = serializers.ListField(child=serializers.DictField())
    answers = serializers.ListField(child=serializers.DictField())
    privacy_requests = serializers.ListField(child=serializers.DictField())
