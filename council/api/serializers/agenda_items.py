"""Meetings and what is on their agendas."""

from rest_framework import serializers

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.references import ColleagueRef, RequestRef
from backlog.models import CustomerRequest, Department, Event
from backlog.rules import bounds
from council.api.serializers.meetings import MeetingRef
from council.models import AgendaItem, Meeting, Recusal, Seat
from council.queries.workshops import Part


class RecusalRef(fields.Read[Recusal]):
    """Which seat has stepped aside, said by whom; until when, if it came back."""

    user = ColleagueRef()

    class Meta:
        model = Recusal
        fields = ["seat", "user", "reason", "stepped_aside_at", "returned_at"]


class AgendaItemRead(fields.Read[AgendaItem]):
    meeting = MeetingRef()
    request = RequestRef(allow_null=True)
    presenter = ColleagueRef(allow_null=True)
    proposed_by = ColleagueRef(allow_null=True)
    recusals = RecusalRef(many=True)

    class Meta:
        model = AgendaItem
        fields = [
            "id",
            "meeting",
            "request",
            "title",
            "kind",
            "section",
            "presenter",
            "papers",
            "position",
            "minutes",
            "status",
            "note",
            "activated_at",
            "reasons",
            "proposed_by",
            "times_deferred",
            "recusals",
        ]


class AgendaItemAdd(fields.Input):
    """A request to decide, or a topic with a title. Papers are links, one a line."""

    meeting = related_rows.RelatedRow(Meeting)
    request = related_rows.RelatedRow(CustomerRequest, "key", allow_null=True, default=None)
    title = fields.of(AgendaItem, "title", allow_blank=True, default="")
    kind = serializers.ChoiceField(AgendaItem.Kind.choices, required=False)
    minutes = fields.of(AgendaItem, "minutes", min_value=1, max_value=1440, default=10)
    section = fields.of(AgendaItem, "section", allow_blank=True, default="")
    presenter = related_rows.Colleague(allow_null=True, default=None)
    papers = fields.of(AgendaItem, "papers", allow_blank=True, default="")


class AgendaItemEdit(fields.Input):
    title = fields.of(AgendaItem, "title", allow_blank=True, required=False)
    kind = serializers.ChoiceField(AgendaItem.Kind.choices, required=False)
    minutes = fields.of(AgendaItem, "minutes", min_value=1, max_value=1440, required=False)
    section = fields.of(AgendaItem, "section", allow_blank=True, required=False)
    presenter = related_rows.Colleague(allow_null=True, required=False)
    papers = fields.of(AgendaItem, "papers", allow_blank=True, required=False)


class AgendaItemMove(fields.Input):
    """Behind which other item; null for the first place."""

    after = related_rows.RelatedRow(AgendaItem, allow_null=True)


class AgendaItemDecline(fields.Input):
    reason = fields.of(Event, "reason")


class AgendaItemNote(fields.Input):
    note = fields.of(AgendaItem, "note", allow_blank=True)


class AgendaItemWorkOut(fields.Input):
    """A step says of which department it is. `before` are the words that it takes the place of."""

    part = serializers.ChoiceField(Part.choices)
    words = fields.of(CustomerRequest, "root_cause", allow_blank=True)
    department = related_rows.RelatedRow(Department, allow_null=True, default=None)
    before = fields.Text(max_length=bounds.TEXT, allow_blank=True, allow_null=True, default=None)


class AgendaItemWithdraw(fields.Input):
    reason = fields.of(Event, "reason", allow_blank=True, default="")


class AgendaItemBack(fields.Input):
    """One's own seat; or `seat`, for who runs the meeting."""

    seat = related_rows.RelatedRow(Seat, allow_null=True, default=None)


class AgendaItemAside(AgendaItemBack):
    reason = fields.of(Recusal, "reason")
