"""Feedback: received once, never edited."""

from collections import Counter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors, filters
from backlog.api import base, problems
from backlog.api.serializers import feedback as serializers
from backlog.models import Feedback
from backlog.operations import customers, feedback

RECEIVE = base.Needs(base.FEEDBACK, "backlog.receive_feedback")


class FeedbackViewSet(base.Listed[Feedback]):
    """One customer's words at one time, kept to the character."""

    queryset = Feedback.objects.none()
    serializer_class = serializers.FeedbackRead
    filterset_class = filters.FeedbackFilter
    orderings = ("received_at", "id")
    default_ordering = "-received_at"
    access = {**base.reading("backlog.view_feedback"), "create": RECEIVE, "bulk": RECEIVE}

    def get_queryset(self) -> QuerySet[Feedback]:
        seen = Feedback.objects.visible_to(self.person)
        return seen.select_related("source", "customer", "product", "filed_by").prefetch_related(
            "readings"
        )

    @extend_schema(
        request=serializers.FeedbackReceive,
        responses={201: serializers.FeedbackRead, 200: serializers.FeedbackRead},
    )
    def create(self, request: Request) -> Response:
        """201 the first time; the same source and external_id again change nothing: 200."""
        row, is_new = self._receive(self.body(serializers.FeedbackReceive))
        return self.answer(row, status=201 if is_new else 200)

    @extend_schema(request=serializers.FeedbackReceiveMany, responses=serializers.BulkAnswer)
    @action(detail=False, methods=["post"])
    def bulk(self, request: Request) -> Response:
        """Up to 1,000 at once, each by itself: a row that is refused holds up no other."""
        rows = self.body(serializers.FeedbackReceiveMany)["rows"]
        results = [self._try(index, row) for index, row in enumerate(rows)]
        statuses = Counter(each["status"] for each in results)
        counts = {status: statuses[status] for status in ("created", "known", "refused")}
        return Response({**counts, "results": results})

    def _try(self, index: int, row: Any) -> dict[str, Any]:
        result = {"index": index, "status": "refused", "id": None, "problem": None}
        try:
            stored, is_new = self._receive(self.checked(serializers.FeedbackReceive, row))
        except (errors.Refusal, ValidationError, exceptions.ValidationError) as error:
            problem = problems.problem_of(error)
            return {**result, "problem": problem and problem.as_dict()}
        return {**result, "status": "created" if is_new else "known", "id": stored.pk}

    @transaction.atomic
    def _receive(self, said: dict[str, Any]) -> tuple[Feedback, bool]:
        at, source, sayer = timezone.now(), said.pop("source"), said.pop("customer", {})
        customer = sayer.pop("id", None)
        if customer is None and sayer:
            facts = {"language": said["language"] or source.language, **sayer}
            customer = customers.recognise_customer(source=source, by=self.person, at=at, **facts)
        incoming = feedback.Incoming(customer=customer, **said)
        return feedback.receive_feedback(source=source, incoming=incoming, by=self.person, at=at)
