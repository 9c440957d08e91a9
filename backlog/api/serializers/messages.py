"""News that customers hear of, and the words around what they are told."""

from rest_framework import serializers

from backlog.api import fields
from backlog.api.serializers.references import ColleagueRef, ProductRef, RequestRef
from backlog.models import CustomerRequest, Language, MessageTemplate, News, Occasion, Product


class NewsRead(fields.Read[News]):
    """`words` are what we say to customers; why a council decided so is not among them."""

    request = RequestRef()
    words = fields.TextByLanguage()
    recorded_by = ColleagueRef(allow_null=True)
    asked_by = ColleagueRef(allow_null=True)
    countersigned_by = ColleagueRef(allow_null=True)
    announced_by = ColleagueRef(allow_null=True)

    class Meta:
        model = News
        fields = [
            "id",
            "request",
            "kind",
            "words",
            "recorded_by",
            "recorded_at",
            "asked_by",
            "asked_at",
            "countersigned_by",
            "countersigned_at",
            "announced_by",
            "announced_at",
            "is_current",
        ]


class NewsStanding(fields.Body):
    request = fields.Chosen(CustomerRequest, "key")
    words = fields.TextByLanguage()


class NewsWord(fields.Body):
    words = fields.TextByLanguage()


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


class MessageTemplateWrite(fields.Body):
    """Placeholders: `{{ greeting }}`, `{{ name }}`, `{{ product }}`, `{{ count }}`, `{{ site }}`.

    Without `product`, for all products that have none of their own.
    """

    product = fields.Chosen(Product, "prefix", allow_null=True, default=None)
    occasion = serializers.ChoiceField(choices=Occasion.choices)
    language = serializers.ChoiceField(choices=Language.choices)
    subject = fields.of(MessageTemplate, "subject", allow_blank=True, default="")
    headline = fields.of(MessageTemplate, "headline", allow_blank=True, default="")
    opening = fields.of(MessageTemplate, "opening", allow_blank=True, default="")
    closing = fields.of(MessageTemplate, "closing", allow_blank=True, default="")
