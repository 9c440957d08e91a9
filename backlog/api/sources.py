"""Products and sources."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backlog.api.framework import base, versions
from backlog.api.serializers import sources as serializers
from backlog.filters import filtersets
from backlog.models import Source
from backlog.operations import sources


class SourceViewSet(base.Listed[Source]):
    """A configured way in. The key may stand in the address."""

    queryset = Source.objects.none()
    serializer_class = serializers.SourceRead
    is_versioned = True
    filterset_class = filtersets.SourceFilter
    natural_key = "key"
    lookup_value_regex = "[-a-zA-Z0-9_]+"
    orderings = ("id", "key")
    default_ordering = "key"
    access = {
        **base.reading("backlog.view_source"),
        "create": base.ActionPolicy(base.ADMIN, "backlog.manage_sources"),
        "partial_update": base.ActionPolicy(base.ADMIN, "backlog.manage_sources"),
    }

    def get_queryset(self) -> QuerySet[Source]:
        return Source.objects.visible_to(self.user).select_related("product")

    @extend_schema(request=serializers.SourceAdd, responses={201: serializers.SourceRead})
    def create(self, request: Request) -> Response:
        """Add a source."""
        data = self.body(serializers.SourceAdd)
        source = sources.add_source(**data, by=self.user, at=timezone.now())
        return self.answer(source, status=201)

    @extend_schema(request=serializers.SourceEdit, responses=serializers.SourceRead)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Edit a source, or switch it off."""
        source, data = self.get_object(), self.body(serializers.SourceEdit)
        source = sources.edit_source(
            source_id=source.pk,
            version=versions.named_in(request, source),
            **data,
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(source)
