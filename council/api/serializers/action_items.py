"""Who owes what by when."""

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.references import ColleagueRef, RequestRef
from backlog.models import CustomerRequest, Event
from council.api.serializers.councils import CouncilRef
from council.models import ActionItem, AgendaItem, Council


class ActionItemRead(fields.Read[ActionItem]):
    council = CouncilRef()
    request = RequestRef(allow_null=True)
    owner = ColleagueRef()
    assigned_by = ColleagueRef()

    class Meta:
        model = ActionItem
        fields = [
            "id",
            "council",
            "agenda_item",
            "request",
            "decision",
            "title",
            "owner",
            "due_on",
            "success_measure",
            "status",
            "evidence",
            "blocked_by",
            "assigned_by",
            "assigned_at",
            "closed_at",
        ]


class ActionItemAssign(fields.Input):
    council = related_rows.RelatedRow(Council)
    title = fields.of(ActionItem, "title")
    owner = related_rows.Colleague()
    due_on = fields.Day()
    request = related_rows.RelatedRow(CustomerRequest, "key", allow_null=True, default=None)
    agenda_item = related_rows.RelatedRow(AgendaItem, allow_null=True, default=None)
    success_measure = fields.of(ActionItem, "success_measure", allow_blank=True, default="")


class DoneClaim(fields.Input):
    evidence = fields.of(ActionItem, "evidence")


class Because(fields.Input):
    reason = fields.of(Event, "reason")
