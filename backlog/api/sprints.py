"""Sprints and commitments."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors, filters
from backlog.api import base
from backlog.api.serializers import sprints as serializers
from backlog.models import Commitment, Sprint
from backlog.operations import outcomes, sprints

PLAN = base.Needs(base.BACKLOG, "backlog.plan_sprint")


class SprintViewSet(base.Listed[Sprint]):
    """A time box of one product: planned, active, closed."""

    queryset = Sprint.objects.none()
    serializer_class = serializers.SprintRead
    filterset_class = filters.SprintFilter
    orderings = ("starts_on", "id")
    default_ordering = "-starts_on"
    access = {
        **base.reading("backlog.view_sprint"),
        "create": PLAN,
        "partial_update": PLAN.unless(sprints.SprintClosed),
        "start": PLAN.unless(
            sprints.SprintClosed, sprints.AnotherSprintActive, errors.IllegalTransition
        ),
        "close": PLAN.unless(sprints.SprintNotActive, sprints.OutcomesMissing),
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
        sprint = sprints.edit_sprint(sprint_id=sprint.pk, **said, by=self.person, at=timezone.now())
        return self.answer(sprint)

    @extend_schema(request=None, responses=serializers.SprintRead)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        """Start a sprint. What is committed is in progress from now on."""
        sprint = sprints.start_sprint(
            sprint_id=self.get_object().pk, by=self.person, at=timezone.now()
        )
        return self.answer(sprint)

    @extend_schema(request=None, responses=serializers.SprintRead)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close a sprint.

        Refused while a commitment has no outcome; the details name those without.
        """
        sprint = sprints.close_sprint(
            sprint_id=self.get_object().pk, by=self.person, at=timezone.now()
        )
        return self.answer(sprint)


class CommitmentViewSet(base.Listed[Commitment]):
    """A request taken into a sprint, with what is expected from it."""

    queryset = Commitment.objects.none()
    serializer_class = serializers.CommitmentRead
    filterset_class = filters.CommitmentFilter
    access = {
        **base.reading("backlog.view_commitment"),
        "create": PLAN.unless(
            sprints.SprintClosed, sprints.AlreadyCommitted, errors.IllegalTransition
        ),
        "withdraw": PLAN.unless(sprints.SprintClosed, outcomes.OutcomeOnRecord),
    }

    def get_queryset(self) -> QuerySet[Commitment]:
        seen = Commitment.objects.visible_to(self.person)
        return seen.select_related("sprint", "request", "committed_by")

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

    @extend_schema(request=serializers.CommitmentWithdraw, responses=serializers.CommitmentRead)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take the request back out; it keeps its place on the board."""
        commitment, said = self.get_object(), self.body(serializers.CommitmentWithdraw)
        commitment = sprints.withdraw_commitment(
            commitment_id=commitment.pk, **said, by=self.person, at=timezone.now()
        )
        return self.answer(commitment)
