"""Who owes what by when."""

from rest_framework import serializers

from backlog.api import fields
from backlog.api.serializers.references import ColleagueRef, RequestRef
from backlog.models import CustomerRequest
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
            "title",
            "owner",
            "due_on",
            "success_measure",
            "status",
            "evidence",
            "assigned_by",
            "assigned_at",
            "closed_at",
        ]


class ActionItemAssign(fields.Body):
    council = fields.Chosen(Council)
    title = fields.Text(max_length=200)
    owner = fields.Colleague()
    due_on = serializers.DateField()
    request = fields.Chosen(CustomerRequest, "key", allow_null=True, default=None)
    agenda_item = fields.Chosen(AgendaItem, allow_null=True, default=None)
    success_measure = fields.Text(max_length=200, allow_blank=True, default="")


class DoneClaim(fields.Body):
    evidence = fields.Text()


class Because(fields.Body):
    reason = fields.Text()
