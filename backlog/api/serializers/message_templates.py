"""The company's own words around what customers are told."""

from rest_framework import serializers

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.references import ColleagueRef, ProductRef
from backlog.models import (
    Language,
    MessageTemplate,
    Occasion,
    Product,
)


class MessageTemplateRead(fields.Read[MessageTemplate]):
    """An empty part is as it comes built in."""

    product = ProductRef(allow_null=True)
    edited_by = ColleagueRef(allow_null=True)

    class Meta:
        model = MessageTemplate
        fields = [
            "id",
            "product",
            "occasion",
            "language",
            "subject",
            "headline",
            "opening",
            "closing",
            "edited_by",
            "edited_at",
        ]


class MessageTemplateParts(fields.Input):
    """What somebody wrote; a part that is left out is as it comes built in."""

    subject = fields.of(MessageTemplate, "subject", allow_blank=True, default="")
    headline = fields.of(MessageTemplate, "headline", allow_blank=True, default="")
    opening = fields.of(MessageTemplate, "opening", allow_blank=True, default="")
    closing = fields.of(MessageTemplate, "closing", allow_blank=True, default="")


class MessageTemplateWrite(MessageTemplateParts):
    """Placeholders: `{{ greeting }}`, `{{ name }}`, `{{ product }}`, `{{ count }}`, `{{ site }}`.

    Without `product`, for all products that have none of their own. `before` are the parts whose
    place these take.
    """

    product = related_rows.RelatedRow(Product, "prefix", allow_null=True, default=None)
    occasion = serializers.ChoiceField(choices=Occasion.choices)
    language = serializers.ChoiceField(choices=Language.choices)
    before = MessageTemplateParts(default=dict)
