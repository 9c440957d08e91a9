"""Agenda items."""

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors as backlog_errors
from backlog.api.framework import base, versions
from council import errors
from council.api.serializers import agenda_items as serializers
from council.filters import filtersets
from council.models import AgendaItem, Recusal
from council.operations import agenda_items, notes, preparations, recusals, workshops

EDIT_AGENDA = base.ActionPolicy(base.COUNCIL, "council.edit_agenda")
ATTEND = base.ActionPolicy(base.COUNCIL, "council.attend_meeting")
PROPOSE = base.ActionPolicy(base.COUNCIL, "council.propose_item")
REFUSED = (errors.MeetingOver, errors.ProductNotBeforeCouncil, errors.AlreadyOnAgenda)
DEALT_WITH = (errors.MeetingOver, errors.AgendaItemDecided, errors.AgendaItemWithdrawn)


class AgendaItemViewSet(base.Listed[AgendaItem]):
    """What is discussed: a request to decide, or a topic."""

    queryset = AgendaItem.objects.none()
    serializer_class = serializers.AgendaItemRead
    filterset_class = filtersets.AgendaItemFilter
    is_versioned = True
    orderings = ("id", "position")
    access = {
        **base.reading("council.view_agendaitem"),
        "activate": base.ActionPolicy(base.COUNCIL, "council.hold_meeting").unless(
            errors.AgendaItemDecided, errors.DiscussedElsewhere, errors.MeetingNotInSession
        ),
        "create": EDIT_AGENDA.unless(*REFUSED),
        "propose": PROPOSE.unless(*REFUSED),
        "partial_update": EDIT_AGENDA.unless(*DEALT_WITH),
        "move": EDIT_AGENDA.unless(errors.NotOnThisAgenda, *DEALT_WITH),
        "accept": EDIT_AGENDA.unless(*DEALT_WITH),
        "decline": EDIT_AGENDA.unless(errors.NotProposed),
        "carry_over": EDIT_AGENDA.unless(errors.BallotOpen, *DEALT_WITH),
        "withdraw": EDIT_AGENDA.unless(errors.AgendaItemDecided, errors.BallotOpen),
        "read": ATTEND.unless(errors.MeetingOver),
        "step_aside": ATTEND.unless(
            errors.NoVoice,
            errors.NotYoursToSay,
            errors.BallotDecides,
            backlog_errors.ReasonRequired,
            *DEALT_WITH,
        ),
        "come_back": ATTEND.unless(
            errors.NoVoice, errors.NotYoursToSay, errors.BallotDecides, *DEALT_WITH
        ),
        "work_out": ATTEND.unless(
            errors.NotAWorkshop,
            errors.NotPresent,
            backlog_errors.RequestMerged,
            backlog_errors.VersionConflict,
        ),
        "note": base.ActionPolicy(base.COUNCIL, "council.hold_meeting").unless(
            backlog_errors.VersionConflict,
            errors.MeetingNotOver,
            errors.MinutesFinal,
            errors.MinutesInReview,
        ),
    }

    def get_queryset(self) -> QuerySet[AgendaItem]:
        seen = AgendaItem.objects.visible_to(self.user)
        aside = Recusal.objects.select_related("user").order_by("pk")
        joined = seen.select_related("meeting", "request", "presenter", "proposed_by")
        return joined.prefetch_related(Prefetch("recusals", aside))

    @extend_schema(request=serializers.AgendaItemAdd, responses={201: serializers.AgendaItemRead})
    def create(self, request: Request) -> Response:
        """Put a request or a topic at the end of an agenda."""
        return self._add()

    @extend_schema(request=serializers.AgendaItemAdd, responses={201: serializers.AgendaItemRead})
    @action(detail=False, methods=["post"])
    def propose(self, request: Request) -> Response:
        """Propose a request or a topic; it waits for the secretary to accept or to decline it."""
        return self._add(is_proposal=True)

    def _add(self, *, is_proposal: bool = False) -> Response:
        data = self.body(serializers.AgendaItemAdd)
        about = data.pop("request")
        item = agenda_items.add_agenda_item(
            meeting_id=data.pop("meeting").pk,
            request_id=about and about.pk,
            is_proposal=is_proposal,
            **data,
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(item, status=201)

    @extend_schema(request=None, responses=serializers.AgendaItemRead)
    @action(detail=True, methods=["post"])
    def activate(self, request: Request, pk: str) -> Response:
        """Turn to an item in a meeting under way; from the one before it the meeting turns away."""
        item = agenda_items.activate_agenda_item(
            agenda_item_id=self.get_object().pk, by=self.user, at=timezone.now()
        )
        return self.answer(item)

    @extend_schema(request=serializers.AgendaItemEdit, responses=serializers.AgendaItemRead)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Edit an item. What is not sent stays as it is."""
        item, data = self.get_object(), self.body(serializers.AgendaItemEdit)
        item = agenda_items.edit_agenda_item(
            agenda_item_id=item.pk,
            version=versions.named_in(request, item),
            **data,
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(item)

    @extend_schema(request=serializers.AgendaItemMove, responses=serializers.AgendaItemRead)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """Put an item behind another of its agenda, or first."""
        item, data = self.get_object(), self.body(serializers.AgendaItemMove)
        after = data["after"]
        agenda_items.move_agenda_item(
            agenda_item_id=item.pk, after=after and after.pk, by=self.user, at=timezone.now()
        )
        return self.answer(self.get_object())

    @extend_schema(request=None, responses=serializers.AgendaItemRead)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Take a proposal on the agenda."""
        item = agenda_items.accept_agenda_item(
            agenda_item_id=self.get_object().pk, by=self.user, at=timezone.now()
        )
        return self.answer(item)

    @extend_schema(request=serializers.AgendaItemDecline, responses=serializers.AgendaItemRead)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        """Say no to a proposal, and why."""
        item, data = self.get_object(), self.body(serializers.AgendaItemDecline)
        item = agenda_items.decline_agenda_item(
            agenda_item_id=item.pk, **data, by=self.user, at=timezone.now()
        )
        return self.answer(item)

    @extend_schema(request=None, responses=serializers.AgendaItemRead)
    @action(detail=True, methods=["post"], url_path="carry-over")
    def carry_over(self, request: Request, pk: str) -> Response:
        """Put an item off to the council's next meeting, which counts."""
        item = agenda_items.carry_over_agenda_item(
            agenda_item_id=self.get_object().pk, by=self.user, at=timezone.now()
        )
        return self.answer(item)

    @extend_schema(
        parameters=[versions.IF_MATCH],
        request=serializers.AgendaItemNote,
        responses=serializers.AgendaItemRead,
    )
    @action(detail=True, methods=["post"])
    def note(self, request: Request, pk: str) -> Response:
        """Write what the minutes say beside the record, until they are under review."""
        item, data = self.get_object(), self.body(serializers.AgendaItemNote)
        item = notes.set_note(
            agenda_item_id=item.pk,
            version=versions.named_in(request, item),
            **data,
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(item)

    @extend_schema(request=serializers.AgendaItemWithdraw, responses=serializers.AgendaItemRead)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take an item off the agenda; it stays on record."""
        item, data = self.get_object(), self.body(serializers.AgendaItemWithdraw)
        item = agenda_items.withdraw_agenda_item(
            agenda_item_id=item.pk, **data, by=self.user, at=timezone.now()
        )
        return self.answer(item)

    @extend_schema(request=None, responses=serializers.AgendaItemRead)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str) -> Response:
        """Say that one has read it, before its meeting."""
        item = self.get_object()
        preparations.read_item(agenda_item_id=item.pk, by=self.user, at=timezone.now())
        return self.answer(item)

    @extend_schema(request=serializers.AgendaItemWorkOut, responses=serializers.AgendaItemRead)
    @action(detail=True, methods=["post"], url_path="work-out")
    def work_out(self, request: Request, pk: str) -> Response:
        """Write a part of what a workshop works out, by whoever is there: into the request itself.

        The root cause, the perfectly solved picture, or the step of a department.
        """
        item, data = self.get_object(), self.body(serializers.AgendaItemWorkOut)
        department = data.pop("department")
        workshops.work_out(
            agenda_item_id=item.pk,
            department_id=department and department.pk,
            **data,
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(self.get_object())

    @extend_schema(request=serializers.AgendaItemAside, responses=serializers.AgendaItemRead)
    @action(detail=True, methods=["post"], url_path="step-aside")
    def step_aside(self, request: Request, pk: str) -> Response:
        """Step aside for a conflict of interest: the seat counts neither as there nor as entitled.

        Its answer to a ballot that is open is taken back.
        """
        item, data = self.get_object(), self.body(serializers.AgendaItemAside)
        seat = data.pop("seat")
        recusals.step_aside(
            agenda_item_id=item.pk,
            seat_id=seat and seat.pk,
            **data,
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(self.get_object())

    @extend_schema(request=serializers.AgendaItemBack, responses=serializers.AgendaItemRead)
    @action(detail=True, methods=["post"], url_path="come-back")
    def come_back(self, request: Request, pk: str) -> Response:
        """Have one's voice on it again, as long as nothing is decided."""
        item, data = self.get_object(), self.body(serializers.AgendaItemBack)
        seat = data["seat"]
        recusals.come_back(
            agenda_item_id=item.pk, seat_id=seat and seat.pk, by=self.user, at=timezone.now()
        )
        return self.answer(self.get_object())
