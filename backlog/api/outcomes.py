"""Outcomes: recording them, looking at who will be told, and telling."""

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors
from backlog.api.framework import announcing as announced
from backlog.api.framework import base
from backlog.api.serializers import measurements as measurement_serializers
from backlog.api.serializers import outcomes as serializers
from backlog.filters import filtersets
from backlog.models import Measurement, Outcome
from backlog.operations import measurements, outcomes


class OutcomeViewSet(announced.Announced[Outcome]):
    """What became of a commitment, in words a customer can read."""

    queryset = Outcome.objects.none()
    serializer_class = serializers.OutcomeRead
    filterset_class = filtersets.OutcomeFilter
    orderings = ("recorded_at", "id")
    default_ordering = "-recorded_at"
    access = {
        **base.reading("backlog.view_outcome"),
        "create": base.ActionPolicy(base.BACKLOG, "backlog.record_outcome").unless(
            errors.CommitmentWithdrawn,
            errors.SprintNotStarted,
            errors.NothingShipped,
            errors.OutcomeOnRecord,
        ),
        "measure": base.ActionPolicy(base.BACKLOG, "backlog.record_outcome").unless(
            errors.NothingShipped, errors.OutcomeReplaced
        ),
        **announced.access(errors.OutcomeReplaced),
    }

    def get_queryset(self) -> QuerySet[Outcome]:
        latest = Measurement.objects.visible_to(self.user).latest_first()
        return (
            Outcome.objects.visible_to(self.user)
            .select_related(
                "commitment__request__product",
                "commitment__sprint",
                "recorded_by",
                "announcement__asked_by",
                "announcement__countersigned_by",
                "announcement__announced_by",
            )
            .prefetch_related(Prefetch("measurements", latest))
        )

    @extend_schema(request=serializers.OutcomeRecord, responses={201: serializers.OutcomeRead})
    def create(self, request: Request) -> Response:
        """Record what became of a commitment.

        Every customer who asked is owed to hear of it from now on; told once it is announced.
        """
        data = self.body(serializers.OutcomeRecord)
        outcome = outcomes.record_outcome(
            commitment_id=data.pop("commitment").pk, **data, by=self.user, at=timezone.now()
        )
        return self.answer(outcome, status=201)

    @extend_schema(
        request=measurement_serializers.OutcomeMeasure, responses=serializers.OutcomeRead
    )
    @action(detail=True, methods=["post"])
    def measure(self, request: Request, pk: str) -> Response:
        """Put on record what was measured, and get the verdict. The latest measurement counts."""
        outcome, data = self.get_object(), self.body(measurement_serializers.OutcomeMeasure)
        measurements.measure_outcome(outcome_id=outcome.pk, **data, by=self.user, at=timezone.now())
        return self.answer(self.get_object())
