"""Series of meetings."""

from dataclasses import asdict

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog.api.framework import base, versions
from council import errors
from council.api.serializers import series as serializers
from council.filters import filtersets
from council.models import Series
from council.operations import series
from council.queries import series as series_queries

SCHEDULE = base.ActionPolicy(base.COUNCIL, "council.schedule_meeting")


class SeriesViewSet(base.Listed[Series]):
    """Meetings of a council that come again by a rule."""

    queryset = Series.objects.none()
    serializer_class = serializers.SeriesRead
    filterset_class = filtersets.SeriesFilter
    is_versioned = True
    orderings = ("id", "title")
    default_ordering = "title"
    access = {
        **base.reading("council.view_meeting"),
        "create": SCHEDULE,
        "partial_update": SCHEDULE.unless(errors.SeriesEnded),
        "end": SCHEDULE,
        "days": base.ActionPolicy(base.READ, "council.view_meeting"),
    }

    def get_queryset(self) -> QuerySet[Series]:
        return Series.objects.visible_to(self.user).select_related("council")

    @extend_schema(request=serializers.SeriesStart, responses={201: serializers.SeriesRead})
    def create(self, request: Request) -> Response:
        """Start a series. Its meetings of the next half year are made at once."""
        data = self.body(serializers.SeriesStart)
        row = series.start_series(
            council_id=data.pop("council").pk, **data, by=self.user, at=timezone.now()
        )
        return self.answer(row, status=201)

    @extend_schema(request=serializers.SeriesEdit, responses=serializers.SeriesRead)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Edit a series, and with it its meetings to come that nobody has moved or skipped."""
        row, data = self.get_object(), self.body(serializers.SeriesEdit)
        row = series.edit_series(
            series_id=row.pk,
            version=versions.named_in(request, row),
            **data,
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(row)

    @extend_schema(request=serializers.SeriesEnd, responses=serializers.SeriesRead)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """End a series, saying why. Its meetings to come are called off."""
        row, data = self.get_object(), self.body(serializers.SeriesEnd)
        row = series.end_series(series_id=row.pk, **data, by=self.user, at=timezone.now())
        return self.answer(row)

    @extend_schema(responses=serializers.SeriesPreview, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def days(self, request: Request, pk: str) -> Response:
        """Say in words how often it is, and which days come next, public holidays among them."""
        row = self.get_object()
        found = series_queries.next_days(row, at=timezone.now())
        shown = {"sentence": series_queries.sentence(row), "days": [asdict(day) for day in found]}
        return Response(serializers.SeriesPreview(shown).data)
