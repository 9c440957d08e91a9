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
from council.models import Attendance, Meeting
from council.operations import agenda_proposals, attendances, meetings
from council.queries import agenda_proposals as proposal_queries

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
        "cancel": SCHEDULE.unless(errors.MeetingBegun),
        **minutes.ACCESS,
    }

    def get_queryset(self) -> QuerySet[Meeting]:
        there = Attendance.objects.select_related("user").order_by("came_at", "pk")
        seen = Meeting.objects.visible_to(self.user).select_related("council")
        return seen.prefetch_related(Prefetch("attendances", there))

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
