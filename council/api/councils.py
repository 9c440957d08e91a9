"""Councils and seats."""

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backlog.api.framework import base, versions
from backlog.models import Product
from council.api.serializers import councils as serializers
from council.models import Council
from council.operations import councils

MANAGE = base.ActionPolicy(base.ADMIN, "council.manage_councils")


class CouncilViewSet(base.Listed[Council]):
    """A body that decides over the backlogs of some products, a department a voice."""

    queryset = Council.objects.none()
    serializer_class = serializers.CouncilRead
    is_versioned = True
    orderings = ("id", "name")
    default_ordering = "name"
    access = {
        **base.reading("council.view_council"),
        "create": MANAGE,
        "partial_update": MANAGE,
    }

    def get_queryset(self) -> QuerySet[Council]:
        seen = Council.objects.visible_to(self.user).select_related("chair", "secretary")
        return seen.prefetch_related(Prefetch("products", Product.objects.visible_to(self.user)))

    @extend_schema(request=serializers.CouncilFound, responses={201: serializers.CouncilRead})
    def create(self, request: Request) -> Response:
        """Found a council over the backlogs of some products."""
        data = self.body(serializers.CouncilFound)
        council = councils.found_council(**data, by=self.user, at=timezone.now())
        return self.answer(council, status=201)

    @extend_schema(request=serializers.CouncilEdit, responses=serializers.CouncilRead)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Edit a council. What is not sent stays as it is."""
        council, data = self.get_object(), self.body(serializers.CouncilEdit)
        council = councils.edit_council(
            council_id=council.pk,
            version=versions.named_in(request, council),
            **data,
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(council)
