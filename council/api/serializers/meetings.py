"""Meetings and what is on their agendas."""

from backlog.api import fields
from backlog.api.serializers.references import ColleagueRef, RequestRef
from backlog.models import CustomerRequest, Event
from council.api.serializers.councils import CouncilRef
from council.models import AgendaItem, Council, Meeting


class MeetingRead(fields.Read[Meeting]):
    council = CouncilRef()

    class Meta:
        model = Meeting
        fields = [
            "id",
            "council",
            "title",
            "place",
            "starts_at",
            "minutes",
            "status",
            "opened_at",
            "ended_at",
        ]


class MeetingSchedule(fields.Body):
    """A time that has passed is taken only for a meeting that `is_recorded_afterwards`."""

    council = fields.Chosen(Council)
    title = fields.of(Meeting, "title")
    starts_at = fields.Moment()
    minutes = fields.of(Meeting, "minutes", min_value=5, max_value=1440, default=60)
    place = fields.of(Meeting, "place", allow_blank=True, default="")
    is_recorded_afterwards = fields.Flag(default=False)


class MeetingCancel(fields.Body):
    reason = fields.of(Event, "reason")


class MeetingRef(fields.Read[Meeting]):
    class Meta:
        model = Meeting
        fields = ["id", "title", "starts_at"]


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
            "proposed_by",
            "times_deferred",
        ]


class AgendaItemAdd(fields.Body):
    """A request to decide, or a topic with a title."""

    meeting = fields.Chosen(Meeting)
    request = fields.Chosen(CustomerRequest, "key", allow_null=True, default=None)
    title = fields.of(AgendaItem, "title", allow_blank=True, default="")
    minutes = fields.of(AgendaItem, "minutes", min_value=1, max_value=1440, default=10)


class AgendaItemWithdraw(fields.Body):
    reason = fields.of(Event, "reason", allow_blank=True, default="")
