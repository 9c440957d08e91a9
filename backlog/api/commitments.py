"""Sprints and commitments."""

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors
from backlog.api.framework import base, versions
from backlog.api.serializers import capacity as capacity_serializers
from backlog.api.serializers import commitments as serializers
from backlog.api.sprints import PLAN
from backlog.filters import filtersets
from backlog.models import Commitment, Effort
from backlog.operations import capacity, commitments


class CommitmentViewSet(base.Listed[Commitment]):
    """A request taken into a sprint, with what is expected from it."""

    queryset = Commitment.objects.none()
    serializer_class = serializers.CommitmentRead
    filterset_class = filtersets.CommitmentFilter
    is_versioned = True
    access = {
        **base.reading("backlog.view_commitment"),
        "create": PLAN.unless(
            errors.SprintClosed, errors.AlreadyCommitted, errors.IllegalTransition
        ),
        "partial_update": PLAN.unless(
            errors.SprintClosed, errors.CommitmentWithdrawn, errors.OutcomeOnRecord
        ),
        "withdraw": PLAN.unless(errors.SprintClosed, errors.OutcomeOnRecord),
        "set_effort": PLAN.unless(
            errors.SprintClosed, errors.CommitmentWithdrawn, errors.VersionConflict
        ),
    }

    def get_queryset(self) -> QuerySet[Commitment]:
        seen = Commitment.objects.visible_to(self.user)
        efforts = Prefetch("efforts", Effort.objects.for_listing())
        return seen.select_related("sprint", "request", "committed_by").prefetch_related(efforts)

    @extend_schema(request=serializers.CommitmentMake, responses={201: serializers.CommitmentRead})
    def create(self, request: Request) -> Response:
        """Take an approved request into a sprint."""
        data = self.body(serializers.CommitmentMake)
        commitment = commitments.commit_request(
            sprint_id=data.pop("sprint").pk,
            request_id=data.pop("request").pk,
            **data,
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(commitment, status=201)

    @extend_schema(request=serializers.CommitmentEdit, responses=serializers.CommitmentRead)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change the terms. `If-Match` guards others' edits.

        Once an outcome is on record, only the hypothesis can be changed.
        """
        commitment = self.get_object()
        edited = commitments.edit_commitment(
            commitment_id=commitment.pk,
            version=versions.named_in(request, commitment),
            **self.body(serializers.CommitmentEdit),
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(edited)

    @extend_schema(request=serializers.CommitmentWithdraw, responses=serializers.CommitmentRead)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take the request back out; it keeps its place on the board."""
        commitment, data = self.get_object(), self.body(serializers.CommitmentWithdraw)
        commitment = commitments.withdraw_commitment(
            commitment_id=commitment.pk, **data, by=self.user, at=timezone.now()
        )
        return self.answer(commitment)

    @extend_schema(request=capacity_serializers.DaysSet, responses=serializers.CommitmentRead)
    @action(detail=True, methods=["post"], url_path="efforts")
    def set_effort(self, request: Request, pk: str) -> Response:
        """Say how much time of a department it takes.

        Days that are there already are replaced by who names them as `before`.
        """
        commitment, data = self.get_object(), self.body(capacity_serializers.DaysSet)
        capacity.set_effort(
            commitment_id=commitment.pk,
            department_id=data["department"].pk,
            days=data["days"],
            before=data["before"],
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(self.get_object())
