"""Endpoints that are told by webhooks, and each event on its way there."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors, tasks
from backlog.api.endpoints import MANAGING
from backlog.api.framework import base
from backlog.api.serializers import webhook_deliveries as serializers
from backlog.filters import filtersets
from backlog.models import WebhookDelivery
from backlog.operations import webhook_deliveries


class WebhookDeliveryViewSet(base.Listed[WebhookDelivery]):
    """One event on its way to one endpoint."""

    queryset = WebhookDelivery.objects.none()
    serializer_class = serializers.WebhookDeliveryRead
    filterset_class = filtersets.WebhookDeliveryFilter
    orderings = ("id", "owed_at")
    access = {
        **base.reading("backlog.view_webhookdelivery"),
        "retry": MANAGING.unless(errors.OnItsWay, errors.SwitchedOff),
    }

    def get_queryset(self) -> QuerySet[WebhookDelivery]:
        return WebhookDelivery.objects.visible_to(self.user).select_related("endpoint", "event")

    @extend_schema(request=None, responses=serializers.WebhookDeliveryRead)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        """Tell it again now, with the same id; also what arrived."""
        delivery = webhook_deliveries.retry_delivery(
            delivery_id=self.get_object().pk, by=self.user, at=timezone.now()
        )
        transaction.on_commit(tasks.nudge_endpoints, robust=True)
        return self.answer(delivery)
