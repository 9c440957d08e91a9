"""Councils and seats."""

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog.api import base, versions
from backlog.models import Product
from council import errors, filters
from council.api.serializers import councils as serializers
from council.models import Council, Seat, SeatTerm
from council.operations import councils

MANAGE = base.Needs(base.ADMIN, "council.manage_councils")


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
        seen = Council.objects.visible_to(self.person).select_related("chair", "secretary")
        return seen.prefetch_related(Prefetch("products", Product.objects.visible_to(self.person)))

    @extend_schema(request=serializers.CouncilFound, responses={201: serializers.CouncilRead})
    def create(self, request: Request) -> Response:
        """Found a council over the backlogs of some products."""
        said = self.body(serializers.CouncilFound)
        council = councils.found_council(**said, by=self.person, at=timezone.now())
        return self.answer(council, status=201)

    @extend_schema(request=serializers.CouncilEdit, responses=serializers.CouncilRead)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Edit a council. What is not sent stays as it is."""
        council, said = self.get_object(), self.body(serializers.CouncilEdit)
        council = councils.edit_council(
            council_id=council.pk,
            version=versions.named_in(request),
            **said,
            by=self.person,
            at=timezone.now(),
        )
        return self.answer(council)


class SeatViewSet(base.Listed[Seat]):
    """A place at a council. A department has one voting seat; other seats advise."""

    queryset = Seat.objects.none()
    serializer_class = serializers.SeatRead
    filterset_class = filters.SeatFilter
    default_ordering = "id"
    access = {
        **base.reading("council.view_seat"),
        "create": MANAGE.unless(errors.SeatTaken),
        "appoint": MANAGE.unless(errors.AlreadySeated),
        "vacate": MANAGE,
    }

    def get_queryset(self) -> QuerySet[Seat]:
        terms = SeatTerm.objects.select_related("user").order_by("starts_on", "pk")
        seen = Seat.objects.visible_to(self.person).select_related("council", "department")
        return seen.prefetch_related(Prefetch("terms", terms))

    @extend_schema(request=serializers.SeatAdd, responses={201: serializers.SeatRead})
    def create(self, request: Request) -> Response:
        """Add a seat to a council."""
        said = self.body(serializers.SeatAdd)
        seat = councils.add_seat(
            council_id=said.pop("council").pk, **said, by=self.person, at=timezone.now()
        )
        return self.answer(seat, status=201)

    @extend_schema(request=serializers.SeatAppoint, responses=serializers.SeatRead)
    @action(detail=True, methods=["post"])
    def appoint(self, request: Request, pk: str) -> Response:
        """Seat a person, in place of whoever was there."""
        seat, said = self.get_object(), self.body(serializers.SeatAppoint)
        councils.appoint(seat_id=seat.pk, **said, by=self.person, at=timezone.now())
        return self.answer(self.get_object())

    @extend_schema(request=serializers.SeatVacate, responses=serializers.SeatRead)
    @action(detail=True, methods=["post"])
    def vacate(self, request: Request, pk: str) -> Response:
        """End the holder's or the alternate's term today. An empty place stays empty."""
        seat, said = self.get_object(), self.body(serializers.SeatVacate)
        for term in SeatTerm.objects.current().filter(seat=seat, **said):
            councils.vacate(term_id=term.pk, by=self.person, at=timezone.now())
        return self.answer(self.get_object())
