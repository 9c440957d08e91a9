"""Products and the sources that feed their backlogs."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.references import ProductRef
from backlog.models import Language, Product, Source


class SourceRead(fields.Read[Source]):
    product = ProductRef(allow_null=True)

    class Meta:
        model = Source
        fields = [
            *("id", "key", "name", "kind", "product", "language"),
            *("is_active", "acknowledges", "on_change", "keeps_words_months"),
        ]


class SourceAdd(fields.Input):
    key = fields.Pattern(
        r"^[-a-zA-Z0-9_]+$", says=_("Letters of a to z, digits, - and _."), max_length=64
    )
    name = fields.of(Source, "name")
    kind = serializers.ChoiceField(choices=Source.Kind.choices)
    product = related_rows.RelatedRow(Product, "prefix", allow_null=True, default=None)
    language = serializers.ChoiceField(choices=Language.choices, allow_blank=True, default="")
    acknowledges = fields.Flag(default=False)
    on_change = serializers.ChoiceField(
        choices=Source.OnChange.choices, default=Source.OnChange.KEEP_FIRST
    )


class SourceEdit(fields.Input):
    name = fields.of(Source, "name", required=False)
    product = related_rows.RelatedRow(Product, "prefix", allow_null=True, required=False)
    language = serializers.ChoiceField(choices=Language.choices, allow_blank=True, required=False)
    is_active = fields.Flag(required=False)
    acknowledges = fields.Flag(required=False)
    keeps_words_months = serializers.IntegerField(
        min_value=1, max_value=600, allow_null=True, required=False
    )
    on_change = serializers.ChoiceField(choices=Source.OnChange.choices, required=False)
