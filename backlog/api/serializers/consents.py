"""Accounts and customers, with how they may be reached and what they let us do."""

from rest_framework import serializers

from backlog.api.framework import fields
from backlog.models import Consent


class ConsentRead(fields.Read[Consent]):
    class Meta:
        model = Consent
        fields = ["id", "purpose", "basis", "given_at", "withdrawn_at", "proof"]


class ConsentGive(fields.Input):
    purpose = serializers.ChoiceField(choices=Consent.Purpose.choices)
    basis = serializers.ChoiceField(choices=Consent.Basis.choices)
    proof = fields.of(Consent, "proof", default=dict)


class ConsentWithdraw(fields.Input):
    purpose = serializers.ChoiceField(choices=Consent.Purpose.choices)
