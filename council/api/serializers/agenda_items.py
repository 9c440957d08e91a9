"""Meetings and what is on their agendas."""

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.references import ColleagueRef, RequestRef
from backlog.models import CustomerRequest, Event
from council.api.serializers.meetings import MeetingRef
from council.models import AgendaItem, Meeting


class AgendaItemRead(fields.Read[AgendaItem]):
    meeting = MeetingRef()
    request = RequestRef(allow_null=True)
    proposed_by = ColleagueRef(allow_null=True)

    class Meta:
        model = AgendaItem
        fields = [
            "id",
            "meeting",
            "request",
            "title",
            "position",
            "minutes",
            "status",
            "activated_at",
            "proposed_by",
            "times_deferred",
        ]


class AgendaItemAdd(fields.Input):
    """A request to decide, or a topic with a title."""

    meeting = related_rows.RelatedRow(Meeting)
    request = related_rows.RelatedRow(CustomerRequest, "key", allow_null=True, default=None)
    title = fields.of(AgendaItem, "title", allow_blank=True, default="")
    minutes = fields.of(AgendaItem, "minutes", min_value=1, max_value=1440, default=10)


class AgendaItemWithdraw(fields.Input):
    reason = fields.of(Event, "reason", allow_blank=True, default="")
