"""Meetings and agenda items."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog.api import base
from council import errors, filters
from council.api.serializers import meetings as serializers
from council.models import AgendaItem, Meeting
from council.operations import meetings

HOLD = base.Needs(base.COUNCIL, "council.hold_meeting")
SCHEDULE = base.Needs(base.COUNCIL, "council.schedule_meeting")
EDIT_AGENDA = base.Needs(base.COUNCIL, "council.edit_agenda")


class MeetingViewSet(base.Listed[Meeting]):
    """One sitting of a council."""

    queryset = Meeting.objects.none()
    serializer_class = serializers.MeetingRead
    filterset_class = filters.MeetingFilter
    orderings = ("starts_at", "id")
    default_ordering = "-starts_at"
    access = {
        **base.reading("council.view_meeting"),
        "create": SCHEDULE,
        "start": HOLD.unless(errors.MeetingOver),
        "end": HOLD.unless(errors.MeetingNotInSession),
        "cancel": SCHEDULE.unless(errors.MeetingBegun),
    }

    def get_queryset(self) -> QuerySet[Meeting]:
        return Meeting.objects.visible_to(self.person).select_related("council")

    @extend_schema(request=serializers.MeetingSchedule, responses={201: serializers.MeetingRead})
    def create(self, request: Request) -> Response:
        """Schedule a meeting."""
        said = self.body(serializers.MeetingSchedule)
        meeting = meetings.schedule_meeting(
            council_id=said.pop("council").pk, **said, by=self.person, at=timezone.now()
        )
        return self.answer(meeting, status=201)

    @extend_schema(request=None, responses=serializers.MeetingRead)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        """Begin a meeting. Decisions on its agenda can be recorded from now on."""
        meeting = meetings.open_meeting(
            meeting_id=self.get_object().pk, by=self.person, at=timezone.now()
        )
        return self.answer(meeting)

    @extend_schema(request=None, responses=serializers.MeetingRead)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """End a meeting. Requests that were not reached are deferred, and counted as such."""
        meeting = meetings.end_meeting(
            meeting_id=self.get_object().pk, by=self.person, at=timezone.now()
        )
        return self.answer(meeting)

    @extend_schema(request=serializers.MeetingCancel, responses=serializers.MeetingRead)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Call off a meeting to come, saying why."""
        meeting, said = self.get_object(), self.body(serializers.MeetingCancel)
        meeting = meetings.cancel_meeting(
            meeting_id=meeting.pk, **said, by=self.person, at=timezone.now()
        )
        return self.answer(meeting)


class AgendaItemViewSet(base.Listed[AgendaItem]):
    """What is discussed: a request to decide, or a topic."""

    queryset = AgendaItem.objects.none()
    serializer_class = serializers.AgendaItemRead
    filterset_class = filters.AgendaItemFilter
    orderings = ("id", "position")
    access = {
        **base.reading("council.view_agendaitem"),
        "create": EDIT_AGENDA.unless(
            errors.MeetingOver, errors.ProductNotBeforeCouncil, errors.AlreadyOnAgenda
        ),
        "withdraw": EDIT_AGENDA.unless(errors.AgendaItemDecided),
    }

    def get_queryset(self) -> QuerySet[AgendaItem]:
        seen = AgendaItem.objects.visible_to(self.person)
        return seen.select_related("meeting", "request", "proposed_by")

    @extend_schema(request=serializers.AgendaItemAdd, responses={201: serializers.AgendaItemRead})
    def create(self, request: Request) -> Response:
        """Put a request or a topic at the end of an agenda."""
        said = self.body(serializers.AgendaItemAdd)
        about = said.pop("request")
        item = meetings.add_agenda_item(
            meeting_id=said.pop("meeting").pk,
            request_id=about and about.pk,
            **said,
            by=self.person,
            at=timezone.now(),
        )
        return self.answer(item, status=201)

    @extend_schema(request=serializers.AgendaItemWithdraw, responses=serializers.AgendaItemRead)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take an item off the agenda; it stays on record."""
        item, said = self.get_object(), self.body(serializers.AgendaItemWithdraw)
        item = meetings.withdraw_agenda_item(
            agenda_item_id=item.pk, **said, by=self.person, at=timezone.now()
        )
        return self.answer(item)
