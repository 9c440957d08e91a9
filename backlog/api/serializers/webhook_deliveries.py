"""Webhook deliveries: each event on its way to an endpoint."""

from backlog.api.framework import fields
from backlog.models import Endpoint, Event, WebhookDelivery


class EventRef(fields.Read[Event]):
    class Meta:
        model = Event
        fields = ["id", "kind", "at"]


class EndpointRef(fields.Read[Endpoint]):
    class Meta:
        model = Endpoint
        fields = ["id", "name"]


class WebhookDeliveryRead(fields.Read[WebhookDelivery]):
    endpoint = EndpointRef()
    event = EventRef()

    class Meta:
        model = WebhookDelivery
        fields = [
            "id",
            "endpoint",
            "event",
            "status",
            "owed_at",
            "not_before",
            "attempts",
            "delivered_at",
            "failure",
        ]
