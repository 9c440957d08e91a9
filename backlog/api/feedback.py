"""Feedback: received once, never edited."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors
from backlog.api.framework import base, problems, related_rows
from backlog.api.serializers import feedback as serializers
from backlog.errors import ErasedOnRequest
from backlog.filters import filtersets
from backlog.models import Feedback, Source
from backlog.operations import customers_in_bulk, feedback, feedback_in_bulk, feedback_triage
from backlog.queries import sources as source_queries

Fault = feedback.Fault | exceptions.ValidationError
_ACTS: Mapping[str, Callable[..., object]] = {
    "put_away": feedback_triage.put_away,
    "snooze": feedback_triage.snooze,
    "give": feedback_triage.give,
    "return": feedback_triage.bring_back,
}
RECEIVE = base.ActionPolicy(base.FEEDBACK, "backlog.receive_feedback")


class FeedbackViewSet(base.Listed[Feedback]):
    """One customer's words at one time, kept to the character."""

    queryset = Feedback.objects.none()
    serializer_class = serializers.FeedbackRead
    filterset_class = filtersets.FeedbackFilter
    orderings = ("received_at", "id")
    default_ordering = "-received_at"
    access = {
        **base.reading("backlog.view_feedback"),
        "create": RECEIVE.unless(errors.SourceClosed, ErasedOnRequest),
        "bulk": RECEIVE,
        "triage": base.ActionPolicy(base.BACKLOG, "backlog.link_evidence").unless(
            errors.TriagedAlready
        ),
    }

    def get_queryset(self) -> QuerySet[Feedback]:
        seen = Feedback.objects.visible_to(self.user)
        seen = seen.select_related("source", "customer", "account", "product")
        seen = seen.select_related("filed_by", "given_to")
        return seen.prefetch_related("readings").defer("raw", "payload", "search_text")

    @extend_schema(
        request=serializers.FeedbackReceive,
        responses={201: serializers.FeedbackReceived, 200: serializers.FeedbackReceived},
    )
    def create(self, request: Request) -> Response:
        """Hand in what a customer said. The same source and external_id again change nothing.

        201 the first time, 200 again.
        """
        message = _message(self.body(serializers.FeedbackReceive))
        (stored,) = feedback.receive_many(messages=[message], by=self.user, at=timezone.now())
        if not isinstance(stored, feedback_in_bulk.Stored):
            raise stored
        answer = self.answer_of(stored.id, status=201 if stored.is_new else 200)
        answer.data["notes"] = serializers.Note.told(stored.notes)
        return answer

    @extend_schema(request=serializers.FeedbackTriage, responses=serializers.FeedbackRead)
    @action(detail=True, methods=["post"])
    def triage(self, request: Request, pk: str) -> Response:
        """Put words away, off, or into a colleague's hands; the words stay as they are.

        Refused (`triaged_already`) where they speak for a request, or were put away: the message
        says who was quicker. To link words, create evidence.
        """
        words, data = self.get_object(), self.body(serializers.FeedbackTriage)
        operation = _ACTS[data.pop("act")]
        operation(feedback_id=words.pk, **data, by=self.user, at=timezone.now())
        return self.answer_of(words.pk)

    @extend_schema(request=serializers.FeedbackReceiveMany, responses=serializers.BulkAnswer)
    @action(detail=False, methods=["post"])
    def bulk(self, request: Request) -> Response:
        """Hand in up to 1,000 at once. Each stands by itself: one refused holds up no other."""
        rows = self.body(serializers.FeedbackReceiveMany)["rows"]
        results: dict[int, feedback_in_bulk.Stored | Fault] = {}
        messages: dict[int, tuple[Source, feedback.FeedbackData]] = {}
        serializer = serializers.FeedbackReceive(context=self.get_serializer_context())
        related_rows.look_up(serializer, rows)
        for index, row in enumerate(rows):
            try:
                messages[index] = _message(serializer.run_validation(row))
            except exceptions.ValidationError as fault:
                results[index] = fault
        stored = feedback.receive_many(
            messages=list(messages.values()), by=self.user, at=timezone.now()
        )
        results |= dict(zip(messages, stored, strict=True))
        return Response(_report([results[index] for index in range(len(rows))]))


def _message(data: dict[str, Any]) -> tuple[Source, feedback.FeedbackData]:
    source, sayer = data.pop("source"), data.pop("customer", {})
    if not sayer:
        return source, feedback.FeedbackData(**data)
    customer = sayer.pop("id", None)
    identifier = customers_in_bulk.CustomerIdentifier(
        sayer.pop("external_id", ""), sayer.pop("email", "")
    )
    account = sayer.pop("account", None)
    facts = {
        "language": data["language"] or source_queries.language_of(source, data["verbatim"]),
        **sayer,
    }
    known = customers_in_bulk.NewCustomer(**facts, account_id=account and account.pk)
    return source, feedback.FeedbackData(
        customer=customer, identifier=identifier, new_customer=known, **data
    )


def _report(results: list[feedback_in_bulk.Stored | Fault]) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    room = problems.MOST_FAULTS
    for index, each in enumerate(results):
        told, shown = _told(each, room)
        rows.append({"index": index, **told})
        room -= shown
    counts = Counter(row["status"] for row in rows)
    return {**{name: counts[name] for name in ("created", "known", "refused")}, "results": rows}


def _told(result: feedback_in_bulk.Stored | Fault, room: int) -> tuple[dict[str, Any], int]:
    """What became of a row, with at most so many faults; and how many those are."""
    if isinstance(result, feedback_in_bulk.Stored):
        status = "created" if result.is_new else "known"
        notes = serializers.Note.told(result.notes)
        return {"status": status, "id": result.id, "problem": None, "notes": notes}, 0
    problem = problems.problem_of(result)
    assert problem is not None
    problem = problems.shortened(problem, room)
    told: dict[str, Any] = {
        "status": "refused",
        "id": None,
        "problem": problem.as_dict(),
        "notes": [],
    }
    return told, len(problem.errors)
