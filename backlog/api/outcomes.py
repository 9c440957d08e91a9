"""Outcomes: recording them, looking at who will be told, and telling."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import filters, preview, tasks
from backlog.api import base, paging
from backlog.api.serializers import announcing as shapes
from backlog.api.serializers import sprints as serializers
from backlog.models import Customer, Language, Measurement, Outcome
from backlog.operations import announcing, measurements, obligations, outcomes
from backlog.operations.obligations import Told

ANNOUNCE = base.Needs(base.BACKLOG, "backlog.announce_outcome")
LOOK = base.Needs(base.READ, "backlog.view_obligation")


class OutcomeViewSet(base.Listed[Outcome]):
    """What became of a commitment, in words a customer can read."""

    queryset = Outcome.objects.none()
    serializer_class = serializers.OutcomeRead
    filterset_class = filters.OutcomeFilter
    orderings = ("recorded_at", "id")
    default_ordering = "-recorded_at"
    access = {
        **base.reading("backlog.view_outcome"),
        "create": base.Needs(base.BACKLOG, "backlog.record_outcome").unless(
            outcomes.CommitmentWithdrawn,
            outcomes.SprintNotStarted,
            outcomes.NothingShipped,
            outcomes.OutcomeOnRecord,
        ),
        "measure": base.Needs(base.BACKLOG, "backlog.record_outcome").unless(
            outcomes.NothingShipped, announcing.OutcomeReplaced
        ),
        "preview": LOOK,
        "recipients": LOOK,
        "announce": ANNOUNCE.unless(announcing.OutcomeReplaced, announcing.CountersignNeeded),
        "ask_countersign": ANNOUNCE.unless(announcing.OutcomeReplaced),
        "countersign": ANNOUNCE.unless(
            announcing.OutcomeReplaced, announcing.NotAsked, announcing.OwnAnnouncement
        ),
        "cancel_announcement": ANNOUNCE.unless(obligations.AlreadyTold, obligations.BeingSent),
    }

    def get_queryset(self) -> QuerySet[Outcome]:
        latest = Measurement.objects.visible_to(self.person).latest_first()
        return (
            Outcome.objects.visible_to(self.person)
            .select_related(
                "commitment__request__product",
                "commitment__sprint",
                "recorded_by",
                "asked_by",
                "countersigned_by",
                "announced_by",
            )
            .prefetch_related(Prefetch("measurements", latest))
        )

    def parameters(self) -> set[str]:
        if self.action == "recipients":
            return set(paging.KeysetPagination.parameters)
        return super().parameters()

    @extend_schema(request=serializers.OutcomeRecord, responses={201: serializers.OutcomeRead})
    def create(self, request: Request) -> Response:
        """Record what became of a commitment.

        Every customer who asked is owed to hear of it from now on; told once it is announced.
        """
        said = self.body(serializers.OutcomeRecord)
        outcome = outcomes.record_outcome(
            commitment_id=said.pop("commitment").pk, **said, by=self.person, at=timezone.now()
        )
        return self.answer(outcome, status=201)

    @extend_schema(request=serializers.OutcomeMeasure, responses=serializers.OutcomeRead)
    @action(detail=True, methods=["post"])
    def measure(self, request: Request, pk: str) -> Response:
        """Put on record what was measured, and get the verdict. The latest measurement counts."""
        outcome, said = self.get_object(), self.body(serializers.OutcomeMeasure)
        measurements.measure_outcome(
            outcome_id=outcome.pk, **said, by=self.person, at=timezone.now()
        )
        return self.answer(self.get_object())

    @extend_schema(responses=shapes.PreviewRead, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def preview(self, request: Request, pk: str) -> Response:
        """Preview how many will be told and what they will read, before anything leaves."""
        return previewed(self.get_object(), self.get_serializer_context())

    @extend_schema(responses=shapes.RecipientRead(many=True), filters=False)
    @action(
        detail=True,
        methods=["get"],
        url_path="preview/recipients",
        orderings=("id",),
        default_ordering="id",
    )
    def recipients(self, request: Request, pk: str) -> Response:
        """List who waits to hear of it: which of their words are quoted, or why not."""
        outcome = self.get_object()
        customers = self.paginate_queryset(preview.people(outcome))
        assert customers is not None
        found = preview.recipients(outcome, customers, viewer=self.person)
        context = self.get_serializer_context()
        shown = shapes.RecipientRead(found, many=True, context=context)
        return self.get_paginated_response(shown.data)

    @extend_schema(request=None, responses=serializers.OutcomeRead)
    @action(detail=True, methods=["post"])
    def announce(self, request: Request, pk: str) -> Response:
        """Let the customers who asked be told. Announcing twice changes nothing.

        A large audience needs two people: the first asks for a countersign, the second gives it.
        """
        return self._step(announcing.announce_outcome)

    @extend_schema(request=None, responses=serializers.OutcomeRead)
    @action(detail=True, methods=["post"], url_path="ask-countersign")
    def ask_countersign(self, request: Request, pk: str) -> Response:
        """Ask a second person to agree; nobody is told before."""
        return self._step(announcing.ask_to_announce)

    @extend_schema(request=None, responses=serializers.OutcomeRead)
    @action(detail=True, methods=["post"])
    def countersign(self, request: Request, pk: str) -> Response:
        """Agree to what somebody else asked to announce, which announces it."""
        return self._step(announcing.countersign_outcome)

    @extend_schema(request=None, responses=serializers.OutcomeRead)
    @action(detail=True, methods=["post"], url_path="cancel-announcement")
    def cancel_announcement(self, request: Request, pk: str) -> Response:
        """Take it back while no message has left; refused afterwards."""
        return self._step(announcing.cancel_announcement)

    def _step(self, step: Callable[..., Outcome]) -> Response:
        step(outcome_id=self.get_object().pk, by=self.person, at=timezone.now())
        transaction.on_commit(tasks.nudge, robust=True)
        return self.answer(self.get_object())


def previewed(subject: Told, context: Mapping[str, Any]) -> Response:
    """Who will be told of an outcome or of news, and an example in each language."""
    counts = preview.counts(subject)
    readers = [preview.first_reader(subject, language) for language in Language]
    shown = {
        "told": counts.told,
        "by_language": counts.by_language,
        "left_out": counts.left_out,
        "by_reason": counts.by_reason,
        "needs_countersign": announcing.needs_countersign(subject),
        "messages": [_message(subject, reader) for reader in readers if reader],
    }
    return Response(shapes.PreviewRead(shown, context=dict(context)).data)


def _message(subject: Told, customer: Customer) -> dict[str, Any]:
    written = preview.message(subject, customer, at=timezone.now())
    return {
        "language": customer.language,
        "customer": customer,
        "subject": written.subject,
        "text": written.text,
        "html": written.html,
    }
