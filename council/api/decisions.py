"""Decisions: recorded once, never edited."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors as backlog_errors
from backlog.api.framework import base
from backlog.models.assessments import awaiting
from council import errors
from council.api.serializers import decisions as serializers
from council.filters import filtersets
from council.models import Decision
from council.operations import decisions


class DecisionViewSet(base.Listed[Decision]):
    """A verdict on a request, with its reasons and what was known when it was taken."""

    queryset = Decision.objects.none()
    serializer_class = serializers.DecisionRead
    filterset_class = filtersets.DecisionFilter
    orderings = ("decided_at", "id")
    default_ordering = "-decided_at"
    access = {
        **base.reading("council.view_decision"),
        "create": base.ActionPolicy(base.COUNCIL, "council.record_decision").unless(
            errors.NotSeated,
            errors.ProductNotBeforeCouncil,
            errors.AgendaItemDecided,
            errors.AgendaItemWithdrawn,
            errors.BallotDecides,
            errors.BallotOpen,
            errors.Inquorate,
            errors.MeetingNotInSession,
            backlog_errors.IllegalTransition,
        ),
    }

    def get_queryset(self) -> QuerySet[Decision]:
        seen = Decision.objects.visible_to(self.user)
        blind = awaiting(self.user).filter(pk=OuterRef("request"))
        return seen.select_related("council", "request", "decided_by").annotate(
            is_blind=Exists(blind)
        )

    @extend_schema(request=serializers.DecisionRecord, responses={201: serializers.DecisionRead})
    def create(self, request: Request) -> Response:
        """Record a verdict; evidence and scores are frozen with it, and the request moves."""
        data = self.body(serializers.DecisionRecord)
        item = data.pop("agenda_item")
        decision = decisions.record_decision(
            council_id=data.pop("council").pk,
            request_id=data.pop("request").pk,
            agenda_item_id=item and item.pk,
            **data,
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(self.get_queryset().get(pk=decision.pk), status=201)
