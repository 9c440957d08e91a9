"""Accounts and customers, with how they may be reached and what they let us do."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from backlog.api import fields
from backlog.api.serializers.references import SourceRef
from backlog.models import Account, Consent, ContactPoint, Customer, Identity, Language, Source
from backlog.rules import zones


class AccountRead(fields.Read[Account]):
    class Meta:
        model = Account
        fields = ["id", "name", "kind", "segment", "annual_revenue", "currency", "churn_risk"]


class AccountFacts(fields.Body):
    """All that may be said of an account beside its name."""

    kind = serializers.ChoiceField(choices=Account.Kind.choices, required=False)
    segment = fields.of(Account, "segment", allow_blank=True, required=False)
    annual_revenue = fields.of(
        Account,
        "annual_revenue",
        shape=fields.Amount,
        min_value=0,
        allow_null=True,
        required=False,
    )
    currency = fields.Pattern(r"^[A-Z]{3}$", max_length=3, required=False)
    churn_risk = serializers.ChoiceField(
        choices=Account.ChurnRisk.choices, allow_blank=True, required=False
    )


class AccountAdd(AccountFacts):
    name = fields.of(Account, "name")


class AccountEdit(AccountFacts):
    name = fields.of(Account, "name", required=False)


class AccountRef(fields.Read[Account]):
    class Meta:
        model = Account
        fields = ["id", "name"]


class ContactPointRead(fields.Read[ContactPoint]):
    class Meta:
        model = ContactPoint
        fields = ["id", "channel", "address", "state", "state_changed_at"]


class IdentityRead(fields.Read[Identity]):
    source = SourceRef()  # type: ignore[assignment]

    class Meta:
        model = Identity
        fields = ["source", "external_id"]


class ConsentRead(fields.Read[Consent]):
    class Meta:
        model = Consent
        fields = ["id", "purpose", "basis", "given_at", "withdrawn_at", "proof"]


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


class TimeZone(fields.Text):
    default_error_messages = {"unknown": _("There is no such time zone.")}

    def to_internal_value(self, data: Any) -> str:
        name = super().to_internal_value(data)
        if not zones.is_known(name):
            self.fail("unknown")
        return name


class CustomerFacts(fields.Body):
    """What may be known of a person at first sight, and corrected later."""

    name = fields.of(Customer, "name", allow_blank=True, required=False)
    language = serializers.ChoiceField(choices=Language.choices, required=False)
    time_zone = TimeZone(max_length=64, required=False)
    rhythm = serializers.ChoiceField(choices=Customer.Rhythm.choices, required=False)
    account = fields.Chosen(Account, allow_null=True, required=False)


class CustomerAdd(CustomerFacts):
    """With a source and its number for the person, the same person is found there again."""

    email = fields.Email(required=False)
    source = fields.Chosen(Source, "key", required=False)  # type: ignore[assignment]
    external_id = fields.SourceNumber(required=False)


class CustomerEdit(CustomerFacts):
    pass


class ContactPointAdd(fields.Body):
    email = fields.Email()


class ConsentGive(fields.Body):
    purpose = serializers.ChoiceField(choices=Consent.Purpose.choices)
    basis = serializers.ChoiceField(choices=Consent.Basis.choices)
    proof = fields.of(Consent, "proof", default=dict)


class ConsentWithdraw(fields.Body):
    purpose = serializers.ChoiceField(choices=Consent.Purpose.choices)


class Erase(fields.Body):
    reason = fields.Text(max_length=500)


class ErasurePreview(serializers.Serializer[Any]):
    """As counts; the first eight go, the others stay."""

    records = serializers.IntegerField()
    addresses = serializers.IntegerField()
    numbers = serializers.IntegerField()
    words = serializers.IntegerField()
    unsent_messages = serializers.IntegerField()
    mentions = serializers.DictField(child=serializers.IntegerField())
    letters = serializers.IntegerField()
    reports = serializers.IntegerField()
    ratings = serializers.IntegerField()
    answers = serializers.IntegerField()
    evidence = serializers.IntegerField()
    sent_messages = serializers.IntegerField()
    is_being_written_to = serializers.BooleanField()


class PersonalCopy(serializers.Serializer[Any]):
    """One document; what its entries hold is described in the guide to the API."""

    format = serializers.CharField()
    made_at = serializers.DateTimeField()
    left_out = serializers.IntegerField()
    records = serializers.ListField(child=serializers.DictField())
    addresses = serializers.ListField(child=serializers.DictField())
    numbers = serializers.ListField(child=serializers.DictField())
    consents = serializers.ListField(child=serializers.DictField())
    feedback = serializers.ListField(child=serializers.DictField())
    told = serializers.ListField(child=serializers.DictField())
    messages = serializers.ListField(child=serializers.DictField())
    answers = serializers.ListField(child=serializers.DictField())
    privacy_requests = serializers.ListField(child=serializers.DictField())
