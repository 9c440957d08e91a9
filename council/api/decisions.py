"""Decisions: recorded once, never edited."""

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors as backlog_errors
from backlog.api.framework import base
from backlog.models.assessments import awaiting
from council import errors
from council.api.serializers import decisions as serializers
from council.api.serializers import predictions
from council.api.serializers import reviews as review_serializers
from council.filters import filtersets
from council.models import Decision, Prediction, Review
from council.operations import decisions, reviews


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
            errors.NotTheRecorder,
            errors.NeedsBallot,
            errors.ProductNotBeforeCouncil,
            errors.AgendaItemDecided,
            errors.AgendaItemWithdrawn,
            errors.BallotDecides,
            errors.BallotOpen,
            errors.Inquorate,
            errors.MeetingNotInSession,
            backlog_errors.IllegalTransition,
        ),
        "review": base.ActionPolicy(base.COUNCIL, "council.review_decision").unless(
            errors.NotSeated, errors.DecisionOver
        ),
    }

    def get_queryset(self) -> QuerySet[Decision]:
        seen = Decision.objects.visible_to(self.user)
        blind = awaiting(self.user).filter(pk=OuterRef("request"))
        figures = Prediction.objects.select_related("predicted_by").order_by("pk")
        reviewed = Review.objects.select_related("reviewed_by").order_by("pk")
        return (
            seen.select_related("council", "request", "decided_by")
            .prefetch_related(Prefetch("predictions", figures), Prefetch("reviews", reviewed))
            .annotate(is_blind=Exists(blind))
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
            **predictions.expected(data),
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(self.get_queryset().get(pk=decision.pk), status=201)

    @extend_schema(request=review_serializers.DecisionReview, responses=serializers.DecisionRead)
    @action(detail=True, methods=["post"])
    def review(self, request: Request, pk: str) -> Response:
        """Say what came of what was expected of it, and what follows."""
        decision, data = self.get_object(), self.body(review_serializers.DecisionReview)
        reviews.review_decision(
            decision_id=decision.pk,
            findings=review_serializers.findings(data),
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(self.get_queryset().get(pk=decision.pk))
