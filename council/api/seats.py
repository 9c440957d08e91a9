"""Councils and seats."""

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog.api.framework import base
from council import errors
from council.api.councils import MANAGE
from council.api.serializers import seats as serializers
from council.filters import filtersets
from council.models import Seat, SeatTerm
from council.operations import seats


class SeatViewSet(base.Listed[Seat]):
    """A place at a council. A department has one voting seat; other seats advise."""

    queryset = Seat.objects.none()
    serializer_class = serializers.SeatRead
    filterset_class = filtersets.SeatFilter
    default_ordering = "id"
    access = {
        **base.reading("council.view_seat"),
        "create": MANAGE.unless(errors.SeatTaken),
        "appoint": MANAGE.unless(errors.AlreadySeated, errors.TermsOverlap),
        "vacate": MANAGE,
    }

    def get_queryset(self) -> QuerySet[Seat]:
        terms = SeatTerm.objects.select_related("user").order_by("starts_on", "pk")
        seen = Seat.objects.visible_to(self.user).select_related("council", "department")
        return seen.prefetch_related(Prefetch("terms", terms))

    @extend_schema(request=serializers.SeatAdd, responses={201: serializers.SeatRead})
    def create(self, request: Request) -> Response:
        """Add a seat to a council."""
        data = self.body(serializers.SeatAdd)
        seat = seats.add_seat(
            council_id=data.pop("council").pk, **data, by=self.user, at=timezone.now()
        )
        return self.answer(seat, status=201)

    @extend_schema(request=serializers.SeatAppoint, responses=serializers.SeatRead)
    @action(detail=True, methods=["post"])
    def appoint(self, request: Request, pk: str) -> Response:
        """Seat a person, in place of whoever was there."""
        seat, data = self.get_object(), self.body(serializers.SeatAppoint)
        seats.appoint(seat_id=seat.pk, **data, by=self.user, at=timezone.now())
        return self.answer(self.get_object())

    @extend_schema(request=serializers.SeatVacate, responses=serializers.SeatRead)
    @action(detail=True, methods=["post"])
    def vacate(self, request: Request, pk: str) -> Response:
        """End the holder's or the alternate's term today. An empty place stays empty."""
        seat, data = self.get_object(), self.body(serializers.SeatVacate)
        for term in SeatTerm.objects.current().filter(seat=seat, **data):
            seats.vacate(term_id=term.pk, by=self.user, at=timezone.now())
        return self.answer(self.get_object())
