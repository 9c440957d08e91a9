"""What a month, a quarter or a year came to."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backlog.api.framework import base, paging
from backlog.models import Product
from backlog.rules import calendars
from council.api.serializers import reports as serializers
from council.filters import filtersets
from council.queries import reports
from council.rules.periods import QUARTER, Period


class ReportViewSet(base.Resource[Product]):
    """Figures of a month, a quarter or a year, each with its sample and its bounds."""

    queryset = Product.objects.none()
    serializer_class = serializers.ReportRead
    filterset_class = filtersets.ReportFilter
    pagination_class = None  # type: ignore[assignment]  # One answer, no list of them.
    access = {"list": base.ActionPolicy(base.READ, "backlog.view_customerrequest")}

    def get_queryset(self) -> QuerySet[Product]:
        return Product.objects.visible_to(self.user)

    def parameters(self) -> set[str]:
        return super().parameters() - set(paging.KeysetPagination.parameters)

    @extend_schema(operation_id="reports_retrieve", responses=serializers.ReportRead)
    def list(self, request: Request) -> Response:
        """Tell what a period came to; this quarter, if none is named."""
        at = timezone.now()
        products = self.filter_queryset(self.get_queryset())
        named = request.query_params.get("period", "")
        period = Period.named(named) if named else Period.around(calendars.day_of(at), QUARTER)
        found = reports.report(
            self.user,
            period,
            products=products if "product" in request.query_params else None,
            at=at,
        )
        return self.answer(
            {
                "as_of": at,
                "period": period.name,
                "starts_on": period.first,
                "ends_before": period.end,
                "is_sample": found.is_sample,
                "figures": found.figures,
                "months": found.months,
                "promises": found.promises,
            }
        )
