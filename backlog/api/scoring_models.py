"""Scoring models."""

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backlog.api.framework import base
from backlog.api.serializers import scoring_models as serializers
from backlog.models import Criterion, ScoringModel
from backlog.operations import scoring_models


class ScoringModelViewSet(base.Listed[ScoringModel]):
    """Named criteria with weights and a formula, versioned."""

    queryset = ScoringModel.objects.none()
    serializer_class = serializers.ScoringModelRead
    orderings = ("id", "key")
    default_ordering = "key"
    access = {
        **base.reading("backlog.view_scoringmodel"),
        "create": base.ActionPolicy(base.ADMIN, "backlog.manage_scoring"),
    }

    def get_queryset(self) -> QuerySet[ScoringModel]:
        criteria = Prefetch("criteria", Criterion.objects.order_by("position", "pk"))
        return ScoringModel.objects.visible_to(self.user).prefetch_related(criteria)

    @extend_schema(
        request=serializers.ScoringModelInstall, responses={201: serializers.ScoringModelRead}
    )
    def create(self, request: Request) -> Response:
        """Install a preset; one that is there already is answered as it is."""
        key = self.body(serializers.ScoringModelInstall)["preset"]
        model = scoring_models.install_preset(key=key, by=self.user, at=timezone.now())
        return self.answer(model, status=201)
