"""Meetings and what is on their agendas."""

from rest_framework import serializers

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.references import ColleagueRef
from backlog.models import Event
from council.api.serializers.councils import CouncilRef
from council.models import Attendance, Council, Invitation, Meeting, Seat


class AttendanceRef(fields.Read[Attendance]):
    """Who was there for which seat; without an end for as long as they are."""

    user = ColleagueRef()

    class Meta:
        model = Attendance
        fields = ["seat", "user", "capacity", "came_at", "left_at"]


class InvitationRef(fields.Read[Invitation]):
    """Who was asked to come, and what they answered."""

    user = ColleagueRef()

    class Meta:
        model = Invitation
        fields = [
            *("seat", "user", "capacity", "answer", "answered_at"),
            *("method", "status", "sent_at"),
        ]


class MeetingRead(fields.Read[Meeting]):
    """One of a series keeps `occurs_on`, the day that the rule gave it, wherever it is moved."""

    council = CouncilRef()
    attendances = AttendanceRef(many=True)
    invitations = InvitationRef(many=True)

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
            "series",
            "occurs_on",
            "exception",
            "attendances",
            "invitations",
        ]


class MeetingSchedule(fields.Input):
    """A time that has passed is taken only for a meeting that `is_recorded_afterwards`."""

    council = related_rows.RelatedRow(Council)
    title = fields.of(Meeting, "title")
    starts_at = fields.Moment()
    minutes = fields.of(Meeting, "minutes", min_value=5, max_value=1440, default=60)
    place = fields.of(Meeting, "place", allow_blank=True, default="")
    is_recorded_afterwards = fields.Flag(default=False)


class MeetingAttend(fields.Input):
    """Oneself, or `user`; with `seat`, they speak for that seat too, by proxy."""

    user = related_rows.Colleague(allow_null=True, default=None)
    seat = related_rows.RelatedRow(Seat, allow_null=True, default=None)


class MeetingLeave(fields.Input):
    user = related_rows.Colleague(allow_null=True, default=None)


class MeetingCancel(fields.Input):
    reason = fields.of(Event, "reason")


class MeetingMove(fields.Input):
    starts_at = fields.Moment()
    minutes = fields.of(
        Meeting, "minutes", min_value=5, max_value=1440, allow_null=True, default=None
    )


class MeetingAnswer(fields.Input):
    answer = serializers.ChoiceField(choices=[*Invitation.Answer.choices[1:]])


class MeetingInvite(fields.Input):
    user = related_rows.Colleague()


class ForecastRead(fields.Output):
    """As far as people have answered; `undecided` departments have not, or send an alternate."""

    expected = serializers.IntegerField()
    undecided = serializers.IntegerField()
    departments = serializers.IntegerField()
    needed = serializers.IntegerField()
    is_met = serializers.BooleanField()


class MeetingRef(fields.Read[Meeting]):
    class Meta:
        model = Meeting
        fields = ["id", "title", "starts_at"]


class ReadinessRead(fields.Output):
    """A department by its voting seat. One of its people who has read everything is enough."""

    seat = serializers.IntegerField(source="seat.pk")
    name = serializers.CharField(source="seat")
    has_read = serializers.BooleanField()


class PreparationRead(fields.Output):
    """`ready` of `all` departments have read the `items` that the meeting will take up."""

    departments = ReadinessRead(many=True)
    ready = serializers.IntegerField()
    all = serializers.IntegerField()
    items = serializers.IntegerField()
