"""Ballots: proposals put to the vote, and the answers of seats."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors as backlog_errors
from backlog.api.framework import base
from council import errors
from council.api.serializers import ballots as serializers
from council.api.serializers.predictions import expected
from council.filters import filtersets
from council.models import AgendaItem, Ballot, Stance
from council.operations import ballots, decisions, reminders, stances

HOLD = base.ActionPolicy(base.COUNCIL, "council.hold_meeting")
NOT_NOW = (
    errors.NotSeated,
    errors.AgendaItemDecided,
    errors.AgendaItemWithdrawn,
    errors.BallotDecides,
    errors.Inquorate,
    errors.MeetingNotInSession,
    errors.MeetingOver,
    errors.NotOnThisAgenda,
)


def _proposal(data: dict[str, Any]) -> ballots.Proposal:
    further = [each.pk for each in data.pop("further_items")]
    return ballots.Proposal(**expected(data), further_items=further)


class BallotViewSet(base.Listed[Ballot]):
    """A proposal put to the vote, by the rule that held when it was opened."""

    queryset = Ballot.objects.none()
    serializer_class = serializers.BallotRead
    filterset_class = filtersets.BallotFilter
    access = {
        **base.reading("council.view_ballot"),
        "create": HOLD.unless(*NOT_NOW, errors.BallotOpen, backlog_errors.RequestMerged),
        "amend": HOLD.unless(
            *NOT_NOW, errors.BallotOpen, errors.BallotOver, backlog_errors.RequestMerged
        ),
        "close": HOLD.unless(*NOT_NOW, errors.BallotOpen, errors.BallotOver),
        "withdraw": HOLD.unless(errors.NotSeated, errors.BallotOver),
        "stance": base.ActionPolicy(base.COUNCIL, "council.take_stance").unless(
            errors.BallotOver,
            errors.NoVoice,
            errors.SeatRepresented,
            errors.SteppedAside,
            backlog_errors.ReasonRequired,
        ),
        "remind": base.ActionPolicy(base.COUNCIL, "council.attend_meeting").unless(
            errors.BallotOver, errors.NotYoursToSay
        ),
        "record": base.ActionPolicy(base.COUNCIL, "council.record_decision").unless(
            errors.NotSeated,
            errors.NotTheRecorder,
            errors.NotCarried,
            errors.ChairDecides,
            errors.ProductNotBeforeCouncil,
            backlog_errors.IllegalTransition,
        ),
    }

    def get_queryset(self) -> QuerySet[Ballot]:
        said = Stance.objects.visible_to(self.user).select_related("user").order_by("pk")
        seen = Ballot.objects.visible_to(self.user).for_listing()
        further = AgendaItem.objects.select_related("meeting", "request").order_by("position", "pk")
        return seen.prefetch_related(Prefetch("stances", said), Prefetch("further_items", further))

    @extend_schema(request=serializers.BallotOpen, responses={201: serializers.BallotRead})
    def create(self, request: Request) -> Response:
        """Put a proposal to the vote, in the meeting or by a deadline."""
        data = self.body(serializers.BallotOpen)
        item, closes_at = data.pop("agenda_item"), data.pop("closes_at")
        ballot = ballots.open_ballot(
            agenda_item_id=item.pk,
            proposal=_proposal(data),
            closes_at=closes_at,
            by=self.user,
            at=timezone.now(),
        )
        return self._again(ballot.pk, status=201)

    @extend_schema(request=serializers.BallotAmend, responses={201: serializers.BallotRead})
    @action(detail=True, methods=["post"])
    def amend(self, request: Request, pk: str) -> Response:
        """Put it to the vote in other words; every seat is asked anew. Answers the new version."""
        ballot, data = self.get_object(), self.body(serializers.BallotAmend)
        amended = ballots.amend_ballot(
            ballot_id=ballot.pk,
            proposal=_proposal(data),
            by=self.user,
            at=timezone.now(),
        )
        return self._again(amended.pk, status=201)

    @extend_schema(request=serializers.BallotStance, responses=serializers.BallotRead)
    @action(detail=True, methods=["post"])
    def stance(self, request: Request, pk: str) -> Response:
        """Answer for one's seat. The last answer counts, until the ballot is closed."""
        ballot, data = self.get_object(), self.body(serializers.BallotStance)
        seat = data.pop("seat")
        stances.take_stance(
            ballot_id=ballot.pk,
            seat_id=seat and seat.pk,
            **data,
            by=self.user,
            at=timezone.now(),
        )
        return self._again(ballot.pk)

    @extend_schema(request=None, responses=serializers.BallotRead)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Count every answer once, and seal the ballot."""
        ballot = self.get_object()
        ballots.close_ballot(ballot_id=ballot.pk, by=self.user, at=timezone.now())
        return self._again(ballot.pk)

    @extend_schema(request=serializers.BallotWithdraw, responses=serializers.BallotRead)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take an open ballot back, saying why."""
        ballot, data = self.get_object(), self.body(serializers.BallotWithdraw)
        ballots.withdraw_ballot(ballot_id=ballot.pk, **data, by=self.user, at=timezone.now())
        return self._again(ballot.pk)

    @extend_schema(request=None, responses=serializers.BallotRead)
    @action(detail=True, methods=["post"])
    def remind(self, request: Request, pk: str) -> Response:
        """Remind by mail the seats that have not answered by its deadline, once a day at most."""
        ballot = self.get_object()
        reminders.remind_of_ballot(ballot_id=ballot.pk, by=self.user, at=timezone.now())
        return self._again(ballot.pk)

    @extend_schema(request=serializers.BallotRecord, responses=serializers.BallotRead)
    @action(detail=True, methods=["post"])
    def record(self, request: Request, pk: str) -> Response:
        """Record what it led to, in the words that were voted on: a decision on each request."""
        ballot, data = self.get_object(), self.body(serializers.BallotRecord)
        decisions.record_by_ballot(ballot_id=ballot.pk, **data, by=self.user, at=timezone.now())
        return self._again(ballot.pk)

    def _again(self, pk: int, **facts: Any) -> Response:
        """As its caller sees it now."""
        return self.answer(self.get_queryset().get(pk=pk), **facts)
