"""Views: what colleagues keep of boards and lists."""

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.references import ColleagueRef, ProductRef
from backlog.models import Product, View


class ViewRead(fields.Read[View]):
    """`wanted` holds, by the name of a parameter of the list's address, its values."""

    user = ColleagueRef()
    product = ProductRef(allow_null=True)

    class Meta:
        model = View
        fields = [
            "id",
            "user",
            "listing",
            "product",
            "name",
            "wanted",
            "is_shared",
            "is_default",
        ]


class ViewKeep(fields.Input):
    """Of a board: its filters and columns, by the name of a parameter of its address."""

    product = related_rows.RelatedRow(Product, "prefix")
    name = fields.of(View, "name")
    wanted = fields.ByName(
        child=fields.Several(child=fields.Text(max_length=200), max_length=50),
        most=50,
    )
    is_shared = fields.Flag(default=False)
    is_default = fields.Flag(default=False)
