"""Councils, their seats, and who holds them."""

from typing import Any

from rest_framework import serializers

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.references import ColleagueRef, ProductRef
from backlog.models import Product
from council.models import Council

HOUSE_RULES = (
    "quorum_numerator",
    "quorum_denominator",
    "mode",
    "majority_numerator",
    "majority_denominator",
    "base",
    "abstention",
    "is_blind",
    "minutes_days",
    "minutes_need_quorum",
    "recorders",
    "needs_ballot",
)


def _share(name: str) -> Any:
    return fields.of(Council, name, min_value=1, max_value=1000, required=False)


class HouseRules(fields.Input):
    """How the council decides; what is not sent stays as it is, or begins as its column does."""

    quorum_numerator = _share("quorum_numerator")
    quorum_denominator = _share("quorum_denominator")
    mode = serializers.ChoiceField(choices=Council.Mode.choices, required=False)
    majority_numerator = _share("majority_numerator")
    majority_denominator = _share("majority_denominator")
    base = serializers.ChoiceField(choices=Council.Base.choices, required=False)
    abstention = serializers.ChoiceField(choices=Council.Abstention.choices, required=False)
    is_blind = fields.Flag(required=False)
    minutes_days = fields.of(Council, "minutes_days", min_value=1, max_value=90, required=False)
    minutes_need_quorum = fields.Flag(required=False)
    recorders = serializers.ChoiceField(choices=Council.Recorders.choices, required=False)
    needs_ballot = fields.Flag(required=False)


class CouncilRef(fields.Read[Council]):
    class Meta:
        model = Council
        fields = ["id", "name"]


class CouncilRead(fields.Read[Council]):
    products = ProductRef(many=True)
    chair = ColleagueRef()
    secretary = ColleagueRef()

    class Meta:
        model = Council
        fields = ["id", "name", "products", "chair", "secretary", *HOUSE_RULES]


class CouncilFound(HouseRules):
    name = fields.of(Council, "name")
    products = fields.Several(child=related_rows.RelatedRow(Product, "prefix"), max_length=200)
    chair = related_rows.Colleague()
    secretary = related_rows.Colleague()


class CouncilEdit(HouseRules):
    name = fields.of(Council, "name", required=False)
    products = fields.Several(
        child=related_rows.RelatedRow(Product, "prefix"), max_length=200, required=False
    )
    chair = related_rows.Colleague(required=False)
    secretary = related_rows.Colleague(required=False)
