"""How well the loop closes."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backlog.api.framework import base, paging
from backlog.api.serializers import loop_metrics as serializers
from backlog.filters import filtersets
from backlog.models import Obligation
from backlog.queries import loop_metrics


class LoopViewSet(base.Resource[Obligation]):
    """Loop-closure rate, time to hear back, and answers, in all and by segment."""

    queryset = Obligation.objects.none()
    serializer_class = serializers.LoopRead
    filterset_class = filtersets.LoopFilter
    pagination_class = None  # type: ignore[assignment]  # One answer, no list of them.
    access = {"list": base.ActionPolicy(base.READ, "backlog.view_obligation")}

    def get_queryset(self) -> QuerySet[Obligation]:
        return Obligation.objects.visible_to(self.user)

    def parameters(self) -> set[str]:
        return super().parameters() - set(paging.KeysetPagination.parameters)

    @extend_schema(operation_id="loop_retrieve", responses=serializers.LoopRead)
    def list(self, request: Request) -> Response:
        """Tell how well the loop closes.

        Over the last customers who might be told; the filters are those of obligations.
        """
        at = timezone.now()
        figures = loop_metrics.metrics(self.filter_queryset(self.get_queryset()), at=at)
        return self.answer({"as_of": at, **{name: getattr(figures, name) for name in FIGURES}})


FIGURES = ("n", "is_sample", "total", "segments")
