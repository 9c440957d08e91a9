"""Endpoints that are told by webhooks, and each event on its way there."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors, tasks
from backlog.api.framework import base, versions
from backlog.api.serializers import endpoints as serializers
from backlog.api.serializers import webhook_deliveries as webhook_delivery_serializers
from backlog.models import Endpoint
from backlog.operations import endpoints, webhook_deliveries
from backlog.queries import endpoints as endpoint_queries

MANAGING = base.ActionPolicy(base.ADMIN, "backlog.manage_endpoints")


class EndpointViewSet(base.Listed[Endpoint]):
    """An address of another tool, and what it wants to be told by signed webhooks."""

    queryset = Endpoint.objects.none()
    serializer_class = serializers.EndpointRead
    is_versioned = True
    access = {
        **base.reading("backlog.view_endpoint"),
        "create": MANAGING,
        "partial_update": MANAGING,
        "secret": MANAGING,
        "rotate_secret": MANAGING,
        "test": MANAGING.unless(errors.SwitchedOff),
        "replay": MANAGING.unless(errors.SwitchedOff),
    }

    def get_queryset(self) -> QuerySet[Endpoint]:
        return Endpoint.objects.visible_to(self.user).select_related("product")

    @extend_schema(request=serializers.EndpointAdd, responses={201: serializers.EndpointRead})
    def create(self, request: Request) -> Response:
        """Add an endpoint. It is told of what happens from now on."""
        data = self.body(serializers.EndpointAdd)
        endpoint = endpoints.add_endpoint(**data, by=self.user, at=timezone.now())
        return self.answer(endpoint, status=201)

    @extend_schema(request=serializers.EndpointEdit, responses=serializers.EndpointRead)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Edit an endpoint, or switch it off and on. What waited for it then goes on."""
        endpoint, data = self.get_object(), self.body(serializers.EndpointEdit)
        endpoint = endpoints.edit_endpoint(
            endpoint_id=endpoint.pk,
            version=versions.named_in(request, endpoint),
            **data,
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(endpoint)

    @extend_schema(responses=serializers.EndpointSecret, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def secret(self, request: Request, pk: str) -> Response:
        """Read the secret that its receiver checks our signature with."""
        secret = endpoint_queries.secret_of(self.get_object())
        return Response({"secret": secret}, headers=base.SECRET)

    @extend_schema(request=None, responses=serializers.EndpointRead)
    @action(detail=True, methods=["post"], url_path="rotate-secret")
    def rotate_secret(self, request: Request, pk: str) -> Response:
        """Replace the secret. For a day messages are signed with the old one, too."""
        endpoint = endpoints.rotate_secret(
            endpoint_id=self.get_object().pk, by=self.user, at=timezone.now()
        )
        return self.answer(endpoint)

    @extend_schema(request=None, responses=webhook_delivery_serializers.WebhookDeliveryRead)
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: str) -> Response:
        """Send a test by the way that everything takes. Its delivery says what became of it."""
        delivery = webhook_deliveries.send_test(
            endpoint_id=self.get_object().pk, by=self.user, at=timezone.now()
        )
        transaction.on_commit(tasks.nudge_endpoints, robust=True)
        return Response(webhook_delivery_serializers.WebhookDeliveryRead(delivery).data)

    @extend_schema(request=serializers.EndpointReplay, responses=serializers.Replayed)
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, pk: str) -> Response:
        """Tell it again, with the same ids, all that it was owed since a moment.

        What happens while it is switched off is not owed; the ledger has it.
        """
        endpoint, data = self.get_object(), self.body(serializers.EndpointReplay)
        count = webhook_deliveries.replay(
            endpoint_id=endpoint.pk,
            **data,
            by=self.user,
            at=timezone.now(),
        )
        transaction.on_commit(tasks.nudge_endpoints, robust=True)
        return Response({"deliveries": count})
