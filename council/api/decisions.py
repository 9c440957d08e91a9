"""Decisions: recorded once, never edited."""

from collections.abc import Callable

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors as backlog_errors
from backlog.api.framework import base, fields
from backlog.models.assessments import awaiting
from council import errors
from council.api.serializers import decisions as serializers
from council.api.serializers import predictions
from council.api.serializers import reviews as review_serializers
from council.filters import filtersets
from council.models import Decision, Prediction, Review
from council.operations import decisions, reviews, standing_decisions

OF_THE_HOUSE = (errors.NotSeated, errors.NotTheRecorder, errors.NeedsBallot)


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
            *OF_THE_HOUSE,
            errors.ProductNotBeforeCouncil,
            errors.AgendaItemDecided,
            errors.AgendaItemWithdrawn,
            errors.BallotDecides,
            errors.BallotOpen,
            errors.Inquorate,
            errors.MeetingNotInSession,
            backlog_errors.IllegalTransition,
        ),
        "amend": base.ActionPolicy(base.COUNCIL, "council.record_decision").unless(
            *OF_THE_HOUSE, errors.DecisionOver, errors.BallotDecides
        ),
        "supersede": base.ActionPolicy(base.COUNCIL, "council.record_decision").unless(
            *OF_THE_HOUSE, errors.DecisionOver, backlog_errors.IllegalTransition
        ),
        "retire": base.ActionPolicy(base.COUNCIL, "council.record_decision").unless(
            errors.NotSeated, errors.NotTheRecorder, errors.DecisionOver
        ),
        "correct": base.ActionPolicy(base.COUNCIL, "council.correct_decision").unless(
            errors.DecisionOver, errors.BallotDecides, backlog_errors.IllegalTransition
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
            seen.select_related("council", "request", "decided_by", "evidence_from")
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

    @extend_schema(request=serializers.DecisionAmend, responses={201: serializers.DecisionRead})
    @action(detail=True, methods=["post"])
    def amend(self, request: Request, pk: str) -> Response:
        """Let other words hold for the same verdict, as another decision that points to it."""
        return self._replaced(standing_decisions.amend_decision, serializers.DecisionAmend)

    @extend_schema(request=serializers.DecisionCorrect, responses={201: serializers.DecisionRead})
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: str) -> Response:
        """Put right what was written down wrongly, without a seat; it says that it does."""
        return self._replaced(standing_decisions.correct_decision, serializers.DecisionCorrect)

    @extend_schema(request=serializers.DecisionSupersede, responses={201: serializers.DecisionRead})
    @action(detail=True, methods=["post"])
    def supersede(self, request: Request, pk: str) -> Response:
        """Record another verdict in its place; the request moves."""
        decision, data = self.get_object(), self.body(serializers.DecisionSupersede)
        later = standing_decisions.supersede_decision(
            decision_id=decision.pk, **predictions.expected(data), by=self.user, at=timezone.now()
        )
        return self.answer(self.get_queryset().get(pk=later.pk), status=201)

    @extend_schema(request=serializers.DecisionRetire, responses=serializers.DecisionRead)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str) -> Response:
        """Say that it does not stand any more, and that nothing takes its place."""
        decision, data = self.get_object(), self.body(serializers.DecisionRetire)
        standing_decisions.retire_decision(
            decision_id=decision.pk, **data, by=self.user, at=timezone.now()
        )
        return self.answer(self.get_queryset().get(pk=decision.pk))

    def _replaced(self, replace: Callable[..., Decision], body: type[fields.Input]) -> Response:
        decision, data = self.get_object(), self.body(body)
        later = replace(decision_id=decision.pk, **data, by=self.user, at=timezone.now())
        return self.answer(self.get_queryset().get(pk=later.pk), status=201)

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
