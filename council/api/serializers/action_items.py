"""Who owes what by when."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.references import ColleagueRef, RequestRef
from backlog.models import CustomerRequest, Event, Outcome
from council.api.serializers.councils import CouncilRef
from council.models import ActionItem, AgendaItem, Council


class ActionItemRead(fields.Read[ActionItem]):
    council = CouncilRef()
    request = RequestRef(allow_null=True)
    owner = ColleagueRef()
    helpers = ColleagueRef(many=True)
    evidence_link = serializers.CharField()
    evidence_request = RequestRef(allow_null=True)
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
            "helpers",
            "partner",
            "due_on",
            "asked_until",
            "asked_why",
            "success_measure",
            "status",
            "evidence",
            "evidence_link",
            "evidence_request",
            "evidence_outcome",
            "blocked_by",
            "assigned_by",
            "assigned_at",
            "claimed_at",
            "closed_at",
        ]


class ActionItemAssign(fields.Input):
    council = related_rows.RelatedRow(Council)
    title = fields.of(ActionItem, "title")
    owner = related_rows.Colleague()
    helpers = fields.Several(child=related_rows.Colleague(), max_length=50, default=list)
    due_on = fields.Day()
    request = related_rows.RelatedRow(CustomerRequest, "key", allow_null=True, default=None)
    agenda_item = related_rows.RelatedRow(AgendaItem, allow_null=True, default=None)
    success_measure = fields.of(ActionItem, "success_measure", allow_blank=True, default="")


class DoneClaim(fields.Input):
    """At least one of these."""

    evidence = fields.of(ActionItem, "evidence", allow_blank=True, default="")
    link = fields.of(ActionItem, "evidence_link", allow_blank=True, default="")
    request = related_rows.RelatedRow(CustomerRequest, "key", allow_null=True, default=None)
    outcome = related_rows.RelatedRow(Outcome, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not any(attrs.values()):
            raise serializers.ValidationError({"evidence": _("Show that it is done.")}, "blank")
        return attrs


class AnotherDay(fields.Input):
    due_on = fields.Day()
    reason = fields.of(Event, "reason")


class Helpers(fields.Input):
    helpers = fields.Several(child=related_rows.Colleague(), max_length=50)


class Because(fields.Input):
    reason = fields.of(Event, "reason")
