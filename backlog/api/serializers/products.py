"""Products and the sources that feed their backlogs."""

from django.utils.translation import gettext_lazy as _

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.references import ColleagueRef, ScoringModelRef
from backlog.models import Product, ProductGrant, ScoringModel


class ProductRead(fields.Read[Product]):
    scoring_model = ScoringModelRef(allow_null=True)

    class Meta:
        model = Product
        fields = [
            "id",
            "prefix",
            "name",
            "description",
            "is_open",
            "has_public_changelog",
            "scoring_model",
            "verify_after",
            "reopen_percent",
            "countersign_from",
            "reason_from_drift",
            "tells_yes",
            "tells_no",
            "tells_plans",
            "tells_reopening",
            "board_version",
        ]


class GrantRead(fields.Read[ProductGrant]):
    """A colleague who sees the product even while it is closed."""

    user = ColleagueRef()

    class Meta:
        model = ProductGrant
        fields = ["user"]


class GrantOf(fields.Input):
    user = related_rows.Colleague()


class ProductAdd(fields.Input):
    prefix = fields.Pattern(
        r"^[A-Z][A-Z0-9]{1,7}$", says=_("Two to eight capital letters."), max_length=8
    )
    name = fields.of(Product, "name")
    description = fields.of(Product, "description", allow_blank=True, default="")
    is_open = fields.Flag(default=True)
    scoring_model = related_rows.RelatedRow(ScoringModel, allow_null=True, default=None)


class ProductEdit(fields.Input):
    name = fields.of(Product, "name", required=False)
    description = fields.of(Product, "description", allow_blank=True, required=False)
    is_open = fields.Flag(required=False)
    has_public_changelog = fields.Flag(required=False)
    scoring_model = related_rows.RelatedRow(ScoringModel, required=False)
    verify_after = fields.of(Product, "verify_after", min_value=1, required=False)
    reopen_percent = fields.of(
        Product, "reopen_percent", min_value=1, max_value=100, required=False
    )
    countersign_from = fields.of(Product, "countersign_from", min_value=1, required=False)
    reason_from_drift = fields.of(Product, "reason_from_drift", min_value=1, required=False)
    tells_yes = fields.Flag(required=False)
    tells_no = fields.Flag(required=False)
    tells_plans = fields.Flag(required=False)
    tells_reopening = fields.Flag(required=False)
