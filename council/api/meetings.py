"""Meetings and agenda items."""

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog.api.framework import base
from council import errors
from council.api import minutes
from council.api.serializers import agenda_items as item_serializers
from council.api.serializers import agenda_proposals as proposal_serializers
from council.api.serializers import meetings as serializers
from council.filters import filtersets
from council.models import Attendance, Invitation, Meeting
from council.operations import (
    agenda_proposals,
    attendances,
    invitations,
    meetings,
    reminders,
    series,
)
from council.queries import agenda_proposals as proposal_queries
from council.queries import invitations as invitation_queries
from council.queries import preparations

HOLD = base.ActionPolicy(base.COUNCIL, "council.hold_meeting")
ATTEND = base.ActionPolicy(base.COUNCIL, "council.attend_meeting")
EDIT_AGENDA = base.ActionPolicy(base.COUNCIL, "council.edit_agenda")
SCHEDULE = base.ActionPolicy(base.COUNCIL, "council.schedule_meeting")


class MeetingViewSet(minutes.MinutesActions):
    """One sitting of a council."""

    queryset = Meeting.objects.none()
    serializer_class = serializers.MeetingRead
    filterset_class = filtersets.MeetingFilter
    orderings = ("starts_at", "id")
    default_ordering = "-starts_at"
    access = {
        **base.reading("council.view_meeting"),
        "create": SCHEDULE,
        "start": HOLD.unless(errors.MeetingOver, errors.MeetingTooEarly, errors.AnotherInSession),
        "attend": ATTEND.unless(
            errors.CarriesProxy,
            errors.MeetingOver,
            errors.MeetingTooEarly,
            errors.NotPresent,
            errors.NotSeated,
            errors.NotYoursToSay,
            errors.SeatRepresented,
        ),
        "leave": ATTEND.unless(errors.NotYoursToSay),
        "end": HOLD.unless(errors.MeetingNotInSession),
        "proposals": base.ActionPolicy(base.READ, "council.edit_agenda"),
        "propose_agenda": EDIT_AGENDA.unless(errors.MeetingOver),
        "preparation": base.ActionPolicy(base.READ, "council.hold_meeting"),
        "remind": ATTEND.unless(errors.MeetingOver, errors.NotYoursToSay),
        "cancel": SCHEDULE.unless(errors.MeetingBegun),
        "move": SCHEDULE.unless(errors.MeetingBegun, errors.MeetingOver),
        "skip": SCHEDULE.unless(errors.MeetingBegun, errors.NotOfASeries),
        "restore": SCHEDULE.unless(errors.MeetingBegun, errors.MeetingOver),
        "invite": SCHEDULE.unless(errors.MeetingOver),
        "answer_invitation": base.ActionPolicy(base.COUNCIL, "council.view_meeting").unless(
            errors.MeetingOver, errors.NoAlternate, errors.NotInvited
        ),
        "forecast": base.ActionPolicy(base.READ, "council.view_meeting"),
        **minutes.ACCESS,
    }

    def get_queryset(self) -> QuerySet[Meeting]:
        there = Attendance.objects.select_related("user").order_by("came_at", "pk")
        seen = Meeting.objects.visible_to(self.user).select_related("council")
        asked = Invitation.objects.asked().select_related("user").order_by("pk")
        return seen.prefetch_related(Prefetch("attendances", there), Prefetch("invitations", asked))

    @extend_schema(request=serializers.MeetingSchedule, responses={201: serializers.MeetingRead})
    def create(self, request: Request) -> Response:
        """Schedule a meeting."""
        data = self.body(serializers.MeetingSchedule)
        meeting = meetings.schedule_meeting(
            council_id=data.pop("council").pk, **data, by=self.user, at=timezone.now()
        )
        return self.answer(meeting, status=201)

    @extend_schema(request=None, responses=serializers.MeetingRead)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        """Begin a meeting. Decisions on its agenda can be recorded from now on."""
        meeting = meetings.open_meeting(
            meeting_id=self.get_object().pk, by=self.user, at=timezone.now()
        )
        return self.answer(meeting)

    @extend_schema(request=serializers.MeetingAttend, responses=serializers.MeetingRead)
    @action(detail=True, methods=["post"])
    def attend(self, request: Request, pk: str) -> Response:
        """Come to a meeting, for one's seat or by proxy for another; or say so of a colleague."""
        meeting, data = self.get_object(), self.body(serializers.MeetingAttend)
        user, seat, at = data["user"] or self.user, data["seat"], timezone.now()
        if seat is None:
            attendances.attend(meeting_id=meeting.pk, user=user, by=self.user, at=at)
        else:
            attendances.give_proxy(
                meeting_id=meeting.pk, seat_id=seat.pk, user=user, by=self.user, at=at
            )
        return self.answer(self.get_object())

    @extend_schema(request=serializers.MeetingLeave, responses=serializers.MeetingRead)
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, pk: str) -> Response:
        """Leave a meeting, with those whom one speaks for; or say so of a colleague."""
        meeting, data = self.get_object(), self.body(serializers.MeetingLeave)
        attendances.leave(meeting_id=meeting.pk, **data, by=self.user, at=timezone.now())
        return self.answer(self.get_object())

    @extend_schema(request=None, responses=serializers.MeetingRead)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """End a meeting. Requests that were not reached are deferred, and counted as such."""
        meeting = meetings.end_meeting(
            meeting_id=self.get_object().pk, by=self.user, at=timezone.now()
        )
        return self.answer(meeting)

    @extend_schema(request=serializers.MeetingCancel, responses=serializers.MeetingRead)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Call off a meeting to come, saying why."""
        meeting, data = self.get_object(), self.body(serializers.MeetingCancel)
        meeting = meetings.cancel_meeting(
            meeting_id=meeting.pk, **data, by=self.user, at=timezone.now()
        )
        return self.answer(meeting)

    @extend_schema(request=serializers.MeetingMove, responses=serializers.MeetingRead)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """Hold a meeting to come at another time. Who is asked to it hears of it."""
        meeting, data = self.get_object(), self.body(serializers.MeetingMove)
        meetings.move_meeting(meeting_id=meeting.pk, **data, by=self.user, at=timezone.now())
        return self.answer(self.get_object())

    @extend_schema(request=serializers.MeetingCancel, responses=serializers.MeetingRead)
    @action(detail=True, methods=["post"])
    def skip(self, request: Request, pk: str) -> Response:
        """Skip one meeting of a series, saying why. It can come back."""
        meeting, data = self.get_object(), self.body(serializers.MeetingCancel)
        series.skip_occurrence(meeting_id=meeting.pk, **data, by=self.user, at=timezone.now())
        return self.answer(self.get_object())

    @extend_schema(request=None, responses=serializers.MeetingRead)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: str) -> Response:
        """Hold a meeting after all that was called off or skipped."""
        meetings.restore_meeting(meeting_id=self.get_object().pk, by=self.user, at=timezone.now())
        return self.answer(self.get_object())

    @extend_schema(request=serializers.MeetingInvite, responses=serializers.MeetingRead)
    @action(detail=True, methods=["post"])
    def invite(self, request: Request, pk: str) -> Response:
        """Ask a colleague to a meeting who has no seat there."""
        meeting, data = self.get_object(), self.body(serializers.MeetingInvite)
        invitations.invite_guest(meeting_id=meeting.pk, **data, by=self.user, at=timezone.now())
        return self.answer(self.get_object())

    @extend_schema(request=serializers.MeetingAnswer, responses=serializers.MeetingRead)
    @action(detail=True, methods=["post"], url_path="answer", url_name="answer")
    def answer_invitation(self, request: Request, pk: str) -> Response:
        """Say whether one comes oneself. The last answer counts."""
        meeting, data = self.get_object(), self.body(serializers.MeetingAnswer)
        invitations.answer_invitation(
            meeting_id=meeting.pk, user=self.user, **data, by=self.user, at=timezone.now()
        )
        return self.answer(self.get_object())

    @extend_schema(responses=serializers.ForecastRead, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def forecast(self, request: Request, pk: str) -> Response:
        """How many departments will be there, as their people have answered so far."""
        found = invitation_queries.forecast(self.get_object())
        return Response(serializers.ForecastRead(found).data)

    @extend_schema(responses=serializers.PreparationRead, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def preparation(self, request: Request, pk: str) -> Response:
        """Which departments have read what the meeting will take up."""
        readers = preparations.readers_of(self.get_object())
        shape = serializers.PreparationRead
        return Response(shape(readers, context=self.get_serializer_context()).data)

    @extend_schema(request=None, responses=serializers.PreparationRead)
    @action(detail=True, methods=["post"])
    def remind(self, request: Request, pk: str) -> Response:
        """Remind by mail the departments that have not read, once a day at most."""
        meeting = self.get_object()
        reminders.remind_of_meeting(meeting_id=meeting.pk, by=self.user, at=timezone.now())
        shape = serializers.PreparationRead
        readers = preparations.readers_of(meeting)
        return Response(shape(readers, context=self.get_serializer_context()).data)

    @extend_schema(responses=proposal_serializers.ProposedRead, filters=False)
    @action(detail=True, methods=["get"], url_path="propose-agenda", pagination_class=None)
    def proposals(self, request: Request, pk: str) -> Response:
        """Show what the meeting could take up, and why; nothing is written."""
        proposed = proposal_queries.propose(self.get_object(), user=self.user, at=timezone.now())
        shape = proposal_serializers.ProposedRead
        return Response(shape(proposed, context=self.get_serializer_context()).data)

    @extend_schema(
        request=proposal_serializers.ProposalsTake,
        responses=item_serializers.AgendaItemRead(many=True),
        filters=False,
    )
    @proposals.mapping.post
    def propose_agenda(self, request: Request, pk: str) -> Response:
        """Take what is proposed on the agenda. What stands there stays; twice changes nothing."""
        meeting, data = self.get_object(), self.body(proposal_serializers.ProposalsTake)
        items = agenda_proposals.propose_agenda(
            meeting_id=meeting.pk, **data, by=self.user, at=timezone.now()
        )
        shape, context = item_serializers.AgendaItemRead, self.get_serializer_context()
        return Response(shape(items, many=True, context=context).data)
