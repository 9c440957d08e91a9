"""Products and the sources that feed their backlogs."""

from rest_framework import serializers

from backlog.api import fields
from backlog.api.serializers.references import ColleagueRef, ProductRef, ScoringModelRef
from backlog.models import Language, Product, ProductGrant, ScoringModel, Source


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


class GrantOf(fields.Body):
    user = fields.Colleague()


class ProductAdd(fields.Body):
    prefix = fields.Pattern(r"^[A-Z][A-Z0-9]{1,7}$", max_length=8)
    name = fields.of(Product, "name")
    description = fields.of(Product, "description", allow_blank=True, default="")
    is_open = fields.Flag(default=True)
    scoring_model = fields.Chosen(ScoringModel, allow_null=True, default=None)


class ProductEdit(fields.Body):
    name = fields.of(Product, "name", required=False)
    description = fields.of(Product, "description", allow_blank=True, required=False)
    is_open = fields.Flag(required=False)
    has_public_changelog = fields.Flag(required=False)
    scoring_model = fields.Chosen(ScoringModel, required=False)
    verify_after = fields.of(Product, "verify_after", min_value=1, required=False)
    reopen_percent = fields.of(
        Product, "reopen_percent", min_value=1, max_value=100, required=False
    )
    countersign_from = fields.of(Product, "countersign_from", min_value=1, required=False)
    tells_yes = fields.Flag(required=False)
    tells_no = fields.Flag(required=False)
    tells_plans = fields.Flag(required=False)
    tells_reopening = fields.Flag(required=False)


class SourceRead(fields.Read[Source]):
    product = ProductRef(allow_null=True)

    class Meta:
        model = Source
        fields = [
            *("id", "key", "name", "kind", "product", "language"),
            *("is_active", "acknowledges", "on_change", "keeps_words_months"),
        ]


class SourceAdd(fields.Body):
    key = fields.Pattern(r"^[-a-zA-Z0-9_]+$", max_length=64)
    name = fields.of(Source, "name")
    kind = serializers.ChoiceField(choices=Source.Kind.choices)
    product = fields.Chosen(Product, "prefix", allow_null=True, default=None)
    language = serializers.ChoiceField(choices=Language.choices, allow_blank=True, default="")
    acknowledges = fields.Flag(default=False)
    on_change = serializers.ChoiceField(
        choices=Source.OnChange.choices, default=Source.OnChange.KEEP_FIRST
    )


class SourceEdit(fields.Body):
    name = fields.of(Source, "name", required=False)
    product = fields.Chosen(Product, "prefix", allow_null=True, required=False)
    language = serializers.ChoiceField(choices=Language.choices, allow_blank=True, required=False)
    is_active = fields.Flag(required=False)
    acknowledges = fields.Flag(required=False)
    keeps_words_months = serializers.IntegerField(
        min_value=1, max_value=600, allow_null=True, required=False
    )
    on_change = serializers.ChoiceField(choices=Source.OnChange.choices, required=False)
