"""Accounts and customers, with how they may be reached and what they let us do."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from backlog.api.framework import fields
from backlog.models import Account


class AccountRead(fields.Read[Account]):
    class Meta:
        model = Account
        fields = ["id", "name", "kind", "segment", "annual_revenue", "currency", "churn_risk"]


class AccountFacts(fields.Input):
    """All that may be said of an account beside its name."""

    kind = serializers.ChoiceField(choices=Account.Kind.choices, required=False)
    segment = fields.of(Account, "segment", allow_blank=True, required=False)
    annual_revenue = fields.of(
        Account,
        "annual_revenue",
        kind=fields.Amount,
        min_value=0,
        allow_null=True,
        required=False,
    )
    currency = fields.Pattern(
        r"^[A-Z]{3}$", says=_("Three capital letters, as KRW."), max_length=3, required=False
    )
    churn_risk = serializers.ChoiceField(
        choices=Account.ChurnRisk.choices, allow_blank=True, required=False
    )


class AccountAdd(AccountFacts):
    name = fields.of(Account, "name")


class AccountEdit(AccountFacts):
    name = fields.of(Account, "name", required=False)
