"""Status updates: what is said to customers, who will be told, and telling them."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors
from backlog.api.framework import announcing as announced
from backlog.api.framework import base
from backlog.api.serializers import status_updates as serializers
from backlog.filters import filtersets
from backlog.models import StatusUpdate
from backlog.operations import status_updates


class StatusUpdateViewSet(announced.Announced[StatusUpdate]):
    """Something that happened to a request beside its outcomes, that customers hear of."""

    queryset = StatusUpdate.objects.none()
    serializer_class = serializers.StatusUpdateRead
    filterset_class = filtersets.StatusUpdateFilter
    orderings = ("recorded_at", "id")
    default_ordering = "-recorded_at"
    access = {
        **base.reading("backlog.view_statusupdate"),
        "create": announced.ANNOUNCE.unless(
            errors.NobodyWaits, errors.OtherStatusUpdateWaits, errors.VersionConflict
        ),
        "say": announced.ANNOUNCE.unless(errors.StatusUpdateAnnounced, errors.VersionConflict),
        **announced.access(errors.StatusUpdateOutdated, errors.WordsMissing),
    }

    def get_queryset(self) -> QuerySet[StatusUpdate]:
        return StatusUpdate.objects.visible_to(self.user).select_related(
            "request__product",
            "recorded_by",
            "announcement__asked_by",
            "announcement__countersigned_by",
            "announcement__announced_by",
        )

    @extend_schema(
        request=serializers.StatusUpdateStanding, responses={201: serializers.StatusUpdateRead}
    )
    def create(self, request: Request) -> Response:
        """Say where a request stands to those who asked and have heard nothing since.

        They are told once it is announced; who has heard is left in peace.
        """
        data = self.body(serializers.StatusUpdateStanding)
        row = status_updates.tell_where_it_stands(
            request_id=data["request"].pk,
            words=data["words"],
            before=data["before"],
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(self.get_queryset().get(pk=row.pk), status=201)

    @extend_schema(request=serializers.StatusUpdateWord, responses=serializers.StatusUpdateRead)
    @action(detail=True, methods=["post"])
    def say(self, request: Request, pk: str) -> Response:
        """Write what customers read of it, until it is announced.

        A “no” cannot be announced without; elsewhere a plain sentence stands in for them. Words
        that are there already are replaced by who sends them as `before`.
        """
        row, data = self.get_object(), self.body(serializers.StatusUpdateWord)
        row = status_updates.say_to_customers(
            status_update_id=row.pk, **data, by=self.user, at=timezone.now()
        )
        return self.answer(self.get_queryset().get(pk=row.pk))
