"""Councils, their seats, and who holds them."""

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.references import ColleagueRef, ProductRef
from backlog.models import Product
from council.models import Council


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
        fields = ["id", "name", "products", "chair", "secretary"]


class CouncilFound(fields.Input):
    name = fields.of(Council, "name")
    products = fields.Several(child=related_rows.RelatedRow(Product, "prefix"), max_length=200)
    chair = related_rows.Colleague()
    secretary = related_rows.Colleague()


class CouncilEdit(fields.Input):
    name = fields.of(Council, "name", required=False)
    products = fields.Several(
        child=related_rows.RelatedRow(Product, "prefix"), max_length=200, required=False
    )
    chair = related_rows.Colleague(required=False)
    secretary = related_rows.Colleague(required=False)
