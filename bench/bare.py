"""What others need for the same rows: no sign-in, rights, filters, cursors or excerpts.

Django REST framework alone stores and shows the rows that ours store and show, with its own
serializers; a plain view of Django shows them as `values()`, written by orjson.
"""

from functools import cache
from typing import Any

import orjson
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backlog.api.serializers.requests import RequestRead
from backlog.models import (
    CustomerRequest,
    Event,
    Feedback,
    Product,
    Reading,
    ScoringModel,
    User,
)
from config import urls

ORIGIN = {"way": "command", "process": "bench", "correlation": "bare"}


class ProductPart(serializers.ModelSerializer[Product]):
    class Meta:
        model = Product
        fields = ["id", "prefix", "name"]


class OwnerPart(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ["id", "name"]


class ModelPart(serializers.ModelSerializer[ScoringModel]):
    class Meta:
        model = ScoringModel
        fields = ["id", "key", "version"]


class RequestRow(serializers.ModelSerializer[CustomerRequest]):
    product = ProductPart()
    owner = OwnerPart()
    scored_with = ModelPart()

    class Meta:
        model = CustomerRequest
        fields = [
            *RequestRead.Meta.fields,
            *(
                f"{score}_{bound}"
                for score in ("impact", "feasibility", "priority")
                for bound in ("low", "high")
            ),
        ]


PARTS: dict[str, Any] = {"product": ProductPart, "owner": OwnerPart, "scored_with": ModelPart}
PLAIN_COLUMNS = [
    column
    for name in RequestRow.Meta.fields
    for column in (
        [f"{name}__{inner}" for inner in PARTS[name].Meta.fields] if name in PARTS else [name]
    )
]


class NewRequest(serializers.ModelSerializer[CustomerRequest]):
    class Meta:
        model = CustomerRequest
        fields = ["product", "title", "problem", "owner"]


class NewReading(serializers.ModelSerializer[Reading]):
    class Meta:
        model = Reading
        fields = ["kind", "value"]


class NewFeedback(serializers.ModelSerializer[Feedback]):
    readings = NewReading(many=True)

    class Meta:
        model = Feedback
        fields = [
            "source",
            "product",
            "customer",
            "external_id",
            "verbatim",
            "language",
            "readings",
        ]


class Requests(generics.ListAPIView[CustomerRequest]):
    serializer_class = RequestRow

    def get_queryset(self) -> Any:
        rows = CustomerRequest.objects.select_related("product", "owner", "scored_with")
        return rows.order_by("-opened_at", "-pk")[:50]


@login_not_required
def plain_requests(request: HttpRequest) -> HttpResponse:
    """The same columns by the same query: what our caller may see, and a row to see if it ends."""
    seen = CustomerRequest.objects.visible_to(_somebody())
    return _written(seen.order_by("-opened_at", "-pk").values(*PLAIN_COLUMNS)[:51])


@login_not_required
def all_requests(request: HttpRequest) -> HttpResponse:
    """The same of all rows, whoever asks."""
    rows = CustomerRequest.objects.order_by("-opened_at", "-pk")
    return _written(rows.values(*PLAIN_COLUMNS)[:51])


def _written(rows: Any) -> HttpResponse:
    content = orjson.dumps({"results": list(rows)[:50]})
    return HttpResponse(content, content_type="application/json")


@cache
def _somebody() -> User:
    return User.objects.get()


class OneRequest(generics.RetrieveAPIView[CustomerRequest]):
    serializer_class = RequestRow
    queryset = CustomerRequest.objects.select_related("product", "owner", "scored_with")


class OpenRequest(generics.CreateAPIView[CustomerRequest]):
    serializer_class = NewRequest

    @transaction.atomic
    def perform_create(self, serializer: Any) -> None:
        number, now = CustomerRequest.objects.count() + 1, timezone.now()
        own = {"number": number, "key": f"BARE-{number}", "rank": f"B{number:09}z"}
        row = serializer.save(**own, opened_at=now, status_changed_at=now)
        Event.objects.create(
            kind="x", subject_type="x", subject_id=row.pk, request=row, at=now, **ORIGIN
        )


class ReceiveFeedback(APIView):
    """One piece of feedback, or many: its row, its reading and its event."""

    def post(self, request: Request) -> Response:
        is_many = isinstance(request.data, list)
        sent = NewFeedback(data=request.data if is_many else [request.data], many=True)
        sent.is_valid(raise_exception=True)
        with transaction.atomic():
            rows = _store(sent.validated_data)
        return Response(NewFeedback(rows if is_many else rows[0], many=is_many).data, status=201)


def _store(said: Any) -> list[Feedback]:
    now = timezone.now()
    readings = [each.pop("readings") for each in said]
    rows = Feedback.objects.bulk_create(
        Feedback(**each, said_at=now, received_at=now) for each in said
    )
    Reading.objects.bulk_create(
        Reading(feedback=row, **each)
        for row, own in zip(rows, readings, strict=True)
        for each in own
    )
    Event.objects.bulk_create(
        Event(kind="x", subject_type="x", subject_id=row.pk, at=now, **ORIGIN) for row in rows
    )
    return rows


OPEN: dict[str, Any] = {
    "authentication_classes": [],
    "permission_classes": [],
    "throttle_classes": [],
}
PLAIN: dict[str, Any] = {**OPEN, "filter_backends": [], "pagination_class": None}
urlpatterns = [
    *urls.urlpatterns,
    path("bare/requests/", Requests.as_view(**PLAIN)),
    path("plain/requests/", plain_requests),
    path("plain/requests/all/", all_requests),
    path("bare/requests/<int:pk>/", OneRequest.as_view(**PLAIN)),
    path("bare/requests/new/", OpenRequest.as_view(**PLAIN)),
    path("bare/feedback/", ReceiveFeedback.as_view(**OPEN)),
]
