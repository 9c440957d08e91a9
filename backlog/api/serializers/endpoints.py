"""Endpoints: addresses of other tools, and what each of them is told."""

from rest_framework import serializers

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.references import ProductRef
from backlog.models import Endpoint, Language, Product
from backlog.models.endpoints import EventKind


class EndpointRead(fields.Read[Endpoint]):
    """Its secret is another answer."""

    product = ProductRef(allow_null=True)
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=EventKind.choices))

    class Meta:
        model = Endpoint
        fields = [
            "id",
            "name",
            "url",
            "form",
            "kinds",
            "product",
            "language",
            "is_active",
            "failing_since",
            "failure",
            "rests_until",
        ]


class EndpointSecret(fields.Output):
    """As Standard Webhooks writes it: `whsec_` and the key in base64."""

    secret = serializers.CharField()


class _Wishes(fields.Input):
    form = serializers.ChoiceField(choices=Endpoint.Form.choices, required=False)
    kinds = fields.Several(
        child=serializers.ChoiceField(choices=EventKind.choices),
        max_length=len(EventKind),
        required=False,
    )
    product = related_rows.RelatedRow(Product, "prefix", allow_null=True, required=False)
    language = serializers.ChoiceField(choices=Language.choices, required=False)


class EndpointAdd(_Wishes):
    name = fields.of(Endpoint, "name")
    url = fields.of(Endpoint, "url")


class EndpointEdit(_Wishes):
    name = fields.of(Endpoint, "name", required=False)
    url = fields.of(Endpoint, "url", required=False)
    is_active = fields.Flag(required=False)


class EndpointReplay(fields.Input):
    since = fields.Moment()


class Replayed(fields.Output):
    deliveries = serializers.IntegerField()
