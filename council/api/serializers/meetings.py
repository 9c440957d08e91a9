"""Meetings and what is on their agendas."""

from backlog.api.framework import fields, related_rows
from backlog.models import Event
from council.api.serializers.councils import CouncilRef
from council.models import Council, Meeting


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


class MeetingSchedule(fields.Input):
    """A time that has passed is taken only for a meeting that `is_recorded_afterwards`."""

    council = related_rows.RelatedRow(Council)
    title = fields.of(Meeting, "title")
    starts_at = fields.Moment()
    minutes = fields.of(Meeting, "minutes", min_value=5, max_value=1440, default=60)
    place = fields.of(Meeting, "place", allow_blank=True, default="")
    is_recorded_afterwards = fields.Flag(default=False)


class MeetingCancel(fields.Input):
    reason = fields.of(Event, "reason")


class MeetingRef(fields.Read[Meeting]):
    class Meta:
        model = Meeting
        fields = ["id", "title", "starts_at"]
