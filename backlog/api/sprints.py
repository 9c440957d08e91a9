"""Sprints and commitments."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors
from backlog.api.framework import base, versions
from backlog.api.serializers import capacity as capacity_serializers
from backlog.api.serializers import sprints as serializers
from backlog.filters import filtersets
from backlog.models import Sprint
from backlog.operations import capacity, sprints
from backlog.queries import sprint_progress

PLAN = base.ActionPolicy(base.BACKLOG, "backlog.plan_sprint")


class SprintViewSet(base.Listed[Sprint]):
    """A time box of one product: planned, active, closed."""

    queryset = Sprint.objects.none()
    serializer_class = serializers.SprintRead
    is_versioned = True
    filterset_class = filtersets.SprintFilter
    orderings = ("starts_on", "id")
    default_ordering = "-starts_on"
    access = {
        **base.reading("backlog.view_sprint"),
        "create": PLAN,
        "partial_update": PLAN.unless(errors.SprintClosed),
        "start": PLAN.unless(errors.SprintClosed, errors.AnotherSprintActive, errors.MovedByHand),
        "close": PLAN.unless(errors.SprintNotActive, errors.OutcomesMissing, errors.MovedByHand),
        "capacities": base.ActionPolicy(base.READ, "backlog.view_sprint"),
        "set_capacity": PLAN.unless(errors.SprintClosed, errors.VersionConflict),
        "burn_up": base.ActionPolicy(base.READ, "backlog.view_sprint"),
    }

    def get_queryset(self) -> QuerySet[Sprint]:
        return Sprint.objects.visible_to(self.user).select_related("product")

    @extend_schema(request=serializers.SprintPlan, responses={201: serializers.SprintRead})
    def create(self, request: Request) -> Response:
        """Plan a sprint."""
        data = self.body(serializers.SprintPlan)
        sprint = sprints.plan_sprint(
            product_id=data.pop("product").pk, **data, by=self.user, at=timezone.now()
        )
        return self.answer(sprint, status=201)

    @extend_schema(request=serializers.SprintEdit, responses=serializers.SprintRead)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Edit a sprint that is not closed."""
        sprint, data = self.get_object(), self.body(serializers.SprintEdit)
        sprint = sprints.edit_sprint(
            sprint_id=sprint.pk,
            version=versions.named_in(request, sprint),
            **data,
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(sprint)

    @extend_schema(request=serializers.SprintMove, responses=serializers.SprintRead)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        """Start a planned sprint. What is committed is in progress from now on."""
        sprint, data = self.get_object(), self.body(serializers.SprintMove)
        sprint = sprints.start_sprint(sprint_id=sprint.pk, **data, by=self.user, at=timezone.now())
        return self.answer(sprint)

    @extend_schema(request=serializers.SprintMove, responses=serializers.SprintRead)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close a sprint.

        Refused while a commitment has no outcome; the details name those without.
        """
        sprint, data = self.get_object(), self.body(serializers.SprintMove)
        sprint = sprints.close_sprint(sprint_id=sprint.pk, **data, by=self.user, at=timezone.now())
        return self.answer(sprint)

    @extend_schema(responses=capacity_serializers.LoadRead(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def capacities(self, request: Request, pk: str) -> Response:
        """List how much time each department has, how much is taken up, and what is left."""
        return self._loads(self.get_object())

    @extend_schema(
        request=capacity_serializers.DaysSet,
        responses=capacity_serializers.LoadRead(many=True),
        filters=False,
    )
    @capacities.mapping.post
    def set_capacity(self, request: Request, pk: str) -> Response:
        """Say how much time a department has for the sprint. Too little is shown, not refused.

        Days that are there already are replaced by who names them as `before`.
        """
        sprint, data = self.get_object(), self.body(capacity_serializers.DaysSet)
        capacity.set_capacity(
            sprint_id=sprint.pk,
            department_id=data["department"].pk,
            days=data["days"],
            before=data["before"],
            by=self.user,
            at=timezone.now(),
        )
        return self._loads(sprint)

    @extend_schema(responses=capacity_serializers.BurnUpDay(many=True), filters=False)
    @action(detail=True, methods=["get"], url_path="burn-up", pagination_class=None)
    def burn_up(self, request: Request, pk: str) -> Response:
        """List day by day how much is in the sprint, and how much of it has reached users."""
        days = sprint_progress.burn_up(self.get_object(), at=timezone.now())
        return Response(capacity_serializers.BurnUpDay(days, many=True).data)

    def _loads(self, sprint: Sprint) -> Response:
        return Response(
            capacity_serializers.LoadRead(sprint_progress.loads(sprint), many=True).data
        )
