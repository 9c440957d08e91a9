"""Obligations, notices and replies: the closing of the loop."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors
from backlog.api.framework import base
from backlog.api.serializers import obligations as serializers
from backlog.filters import filtersets
from backlog.models import Obligation
from backlog.operations import obligations


class ObligationViewSet(base.Listed[Obligation]):
    """One customer who must hear about one event; ends with proof."""

    queryset = Obligation.objects.none()
    serializer_class = serializers.ObligationRead
    filterset_class = filtersets.ObligationFilter
    orderings = ("id", "owed_at")
    access = {
        **base.reading("backlog.view_obligation"),
        "waive": base.ActionPolicy(base.BACKLOG, "backlog.waive_obligation").unless(
            errors.ObligationSettled, errors.BeingSent
        ),
    }

    def get_queryset(self) -> QuerySet[Obligation]:
        seen = Obligation.objects.visible_to(self.user)
        return seen.select_related(
            "customer",
            "request",
            "announcement__outcome",
            "announcement__status_update",
            "waived_by",
        )

    @extend_schema(request=serializers.ObligationWaive, responses=serializers.ObligationRead)
    @action(detail=True, methods=["post"])
    def waive(self, request: Request, pk: str) -> Response:
        """Answer for it that this customer need not be told by us."""
        obligation, data = self.get_object(), self.body(serializers.ObligationWaive)
        obligation = obligations.waive_obligation(
            obligation_id=obligation.pk, **data, by=self.user, at=timezone.now()
        )
        return self.answer(obligation)
