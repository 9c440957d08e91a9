"""Sprints and commitments."""

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors, filters, progress
from backlog.api import base, versions
from backlog.api.serializers import sprints as serializers
from backlog.models import Commitment, Effort, Sprint
from backlog.operations import capacity, outcomes, sprints

PLAN = base.Needs(base.BACKLOG, "backlog.plan_sprint")


class SprintViewSet(base.Listed[Sprint]):
    """A time box of one product: planned, active, closed."""

    queryset = Sprint.objects.none()
    serializer_class = serializers.SprintRead
    is_versioned = True
    filterset_class = filters.SprintFilter
    orderings = ("starts_on", "id")
    default_ordering = "-starts_on"
    access = {
        **base.reading("backlog.view_sprint"),
        "create": PLAN,
        "partial_update": PLAN.unless(sprints.SprintClosed),
        "start": PLAN.unless(
            sprints.SprintClosed, sprints.AnotherSprintActive, sprints.MovedByHand
        ),
        "close": PLAN.unless(sprints.SprintNotActive, sprints.OutcomesMissing, sprints.MovedByHand),
        "capacities": base.Needs(base.READ, "backlog.view_sprint"),
        "set_capacity": PLAN.unless(sprints.SprintClosed),
        "burn_up": base.Needs(base.READ, "backlog.view_sprint"),
    }

    def get_queryset(self) -> QuerySet[Sprint]:
        return Sprint.objects.visible_to(self.person).select_related("product")

    @extend_schema(request=serializers.SprintPlan, responses={201: serializers.SprintRead})
    def create(self, request: Request) -> Response:
        """Plan a sprint."""
        said = self.body(serializers.SprintPlan)
        sprint = sprints.plan_sprint(
            product_id=said.pop("product").pk, **said, by=self.person, at=timezone.now()
        )
        return self.answer(sprint, status=201)

    @extend_schema(request=serializers.SprintEdit, responses=serializers.SprintRead)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Edit a sprint that is not closed."""
        sprint, said = self.get_object(), self.body(serializers.SprintEdit)
        sprint = sprints.edit_sprint(
            sprint_id=sprint.pk,
            version=versions.named_in(request),
            **said,
            by=self.person,
            at=timezone.now(),
        )
        return self.answer(sprint)

    @extend_schema(request=serializers.SprintMove, responses=serializers.SprintRead)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        """Start a planned sprint. What is committed is in progress from now on."""
        sprint, said = self.get_object(), self.body(serializers.SprintMove)
        sprint = sprints.start_sprint(
            sprint_id=sprint.pk, **said, by=self.person, at=timezone.now()
        )
        return self.answer(sprint)

    @extend_schema(request=serializers.SprintMove, responses=serializers.SprintRead)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close a sprint.

        Refused while a commitment has no outcome; the details name those without.
        """
        sprint, said = self.get_object(), self.body(serializers.SprintMove)
        sprint = sprints.close_sprint(
            sprint_id=sprint.pk, **said, by=self.person, at=timezone.now()
        )
        return self.answer(sprint)

    @extend_schema(responses=serializers.LoadRead(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def capacities(self, request: Request, pk: str) -> Response:
        """List how much time each department has, how much is taken up, and what is left."""
        return self._loads(self.get_object())

    @extend_schema(
        request=serializers.DaysSet, responses=serializers.LoadRead(many=True), filters=False
    )
    @capacities.mapping.post
    def set_capacity(self, request: Request, pk: str) -> Response:
        """Say how much time a department has for the sprint. Too little is shown, not refused."""
        sprint, said = self.get_object(), self.body(serializers.DaysSet)
        capacity.set_capacity(
            sprint_id=sprint.pk,
            department_id=said["department"].pk,
            days=said["days"],
            by=self.person,
            at=timezone.now(),
        )
        return self._loads(sprint)

    @extend_schema(responses=serializers.BurnUpDay(many=True), filters=False)
    @action(detail=True, methods=["get"], url_path="burn-up", pagination_class=None)
    def burn_up(self, request: Request, pk: str) -> Response:
        """List day by day how much is in the sprint, and how much of it has reached users."""
        days = progress.burn_up(self.get_object(), at=timezone.now())
        return Response(serializers.BurnUpDay(days, many=True).data)

    def _loads(self, sprint: Sprint) -> Response:
        return Response(serializers.LoadRead(progress.loads(sprint), many=True).data)


class CommitmentViewSet(base.Listed[Commitment]):
    """A request taken into a sprint, with what is expected from it."""

    queryset = Commitment.objects.none()
    serializer_class = serializers.CommitmentRead
    filterset_class = filters.CommitmentFilter
    is_versioned = True
    access = {
        **base.reading("backlog.view_commitment"),
        "create": PLAN.unless(
            sprints.SprintClosed, sprints.AlreadyCommitted, errors.IllegalTransition
        ),
        "partial_update": PLAN.unless(
            sprints.SprintClosed, outcomes.CommitmentWithdrawn, outcomes.OutcomeOnRecord
        ),
        "withdraw": PLAN.unless(sprints.SprintClosed, outcomes.OutcomeOnRecord),
        "set_effort": PLAN.unless(sprints.SprintClosed, outcomes.CommitmentWithdrawn),
    }

    def get_queryset(self) -> QuerySet[Commitment]:
        seen = Commitment.objects.visible_to(self.person)
        efforts = Prefetch("efforts", Effort.objects.for_listing())
        return seen.select_related("sprint", "request", "committed_by").prefetch_related(efforts)

    @extend_schema(request=serializers.CommitmentMake, responses={201: serializers.CommitmentRead})
    def create(self, request: Request) -> Response:
        """Take an approved request into a sprint."""
        said = self.body(serializers.CommitmentMake)
        commitment = sprints.commit_request(
            sprint_id=said.pop("sprint").pk,
            request_id=said.pop("request").pk,
            **said,
            by=self.person,
            at=timezone.now(),
        )
        return self.answer(commitment, status=201)

    @extend_schema(request=serializers.CommitmentEdit, responses=serializers.CommitmentRead)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change the terms. `If-Match` guards others' edits.

        Once an outcome is on record, only the hypothesis can be changed.
        """
        edited = sprints.edit_commitment(
            commitment_id=self.get_object().pk,
            version=versions.named_in(request),
            **self.body(serializers.CommitmentEdit),
            by=self.person,
            at=timezone.now(),
        )
        return self.answer(edited)

    @extend_schema(request=serializers.CommitmentWithdraw, responses=serializers.CommitmentRead)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take the request back out; it keeps its place on the board."""
        commitment, said = self.get_object(), self.body(serializers.CommitmentWithdraw)
        commitment = sprints.withdraw_commitment(
            commitment_id=commitment.pk, **said, by=self.person, at=timezone.now()
        )
        return self.answer(commitment)

    @extend_schema(request=serializers.DaysSet, responses=serializers.CommitmentRead)
    @action(detail=True, methods=["post"], url_path="efforts")
    def set_effort(self, request: Request, pk: str) -> Response:
        """Say how much time of a department it takes."""
        commitment, said = self.get_object(), self.body(serializers.DaysSet)
        capacity.set_effort(
            commitment_id=commitment.pk,
            department_id=said["department"].pk,
            days=said["days"],
            by=self.person,
            at=timezone.now(),
        )
        return self.answer(self.get_object())
