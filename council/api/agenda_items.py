"""Meetings and agenda items."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog.api.framework import base
from council import errors
from council.api.serializers import agenda_items as serializers
from council.filters import filtersets
from council.models import AgendaItem
from council.operations import agenda_items

EDIT_AGENDA = base.ActionPolicy(base.COUNCIL, "council.edit_agenda")


class AgendaItemViewSet(base.Listed[AgendaItem]):
    """What is discussed: a request to decide, or a topic."""

    queryset = AgendaItem.objects.none()
    serializer_class = serializers.AgendaItemRead
    filterset_class = filtersets.AgendaItemFilter
    orderings = ("id", "position")
    access = {
        **base.reading("council.view_agendaitem"),
        "create": EDIT_AGENDA.unless(
            errors.MeetingOver, errors.ProductNotBeforeCouncil, errors.AlreadyOnAgenda
        ),
        "activate": base.ActionPolicy(base.COUNCIL, "council.hold_meeting").unless(
            errors.AgendaItemDecided, errors.MeetingNotInSession
        ),
        "withdraw": EDIT_AGENDA.unless(errors.AgendaItemDecided, errors.BallotOpen),
    }

    def get_queryset(self) -> QuerySet[AgendaItem]:
        seen = AgendaItem.objects.visible_to(self.user)
        return seen.select_related("meeting", "request", "proposed_by")

    @extend_schema(request=serializers.AgendaItemAdd, responses={201: serializers.AgendaItemRead})
    def create(self, request: Request) -> Response:
        """Put a request or a topic at the end of an agenda."""
        data = self.body(serializers.AgendaItemAdd)
        about = data.pop("request")
        item = agenda_items.add_agenda_item(
            meeting_id=data.pop("meeting").pk,
            request_id=about and about.pk,
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

    @extend_schema(request=serializers.AgendaItemWithdraw, responses=serializers.AgendaItemRead)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take an item off the agenda; it stays on record."""
        item, data = self.get_object(), self.body(serializers.AgendaItemWithdraw)
        item = agenda_items.withdraw_agenda_item(
            agenda_item_id=item.pk, **data, by=self.user, at=timezone.now()
        )
        return self.answer(item)
