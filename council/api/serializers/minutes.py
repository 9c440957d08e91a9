"""Minutes: what a meeting was, and what those who were there say to that."""

from typing import Any

from rest_framework import serializers

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.references import ColleagueRef
from backlog.models import Event
from council.models import AgendaItem, Minutes, MinutesAmendment
from council.queries.minutes_editions import Edition
from council.rules import minutes as rules


class MinutesAmendmentRef(fields.Read[MinutesAmendment]):
    proposed_by = ColleagueRef()
    answered_by = ColleagueRef(allow_null=True)

    class Meta:
        model = MinutesAmendment
        fields = [
            "id",
            "agenda_item",
            "text",
            "proposed_by",
            "proposed_at",
            "status",
            "answer",
            "answered_by",
            "answered_at",
        ]


class MinutesState(fields.Read[Minutes]):
    """`shared` are the fields that customers read beside what was decided."""

    shared = serializers.ListField(child=serializers.ChoiceField(rules.OPTIONAL))

    class Meta:
        model = Minutes
        fields = [
            "version",
            "number",
            "status",
            "revision",
            "correction",
            "remarks",
            "proposed_at",
            "review_until",
            "approved_at",
            "approved_how",
            "published_at",
            "shared",
        ]


class MinutesRead(fields.Output):
    """`content` is the edition asked for: of a draft the record as it stands, else the snapshot.

    People are in it by id, and in `people` by name. `seal` is the link of the council's chain.
    """

    minutes = MinutesState()
    meeting = serializers.IntegerField(source="minutes.meeting_id")
    content = serializers.JSONField()
    people = serializers.SerializerMethodField()
    approved_by = ColleagueRef(many=True)
    amendments = MinutesAmendmentRef(many=True)
    seal = serializers.SerializerMethodField()

    @staticmethod
    def get_people(read: Any) -> dict[str, str]:
        return {str(each.pk): str(each.name) for each in read["people"]}

    @staticmethod
    def get_seal(read: Any) -> dict[str, Any] | None:
        edition: Edition = read["edition"]
        if edition.seal is None:
            return None
        return {"number": edition.seal.number, "digest": edition.seal.digest}


class RemarksSet(fields.Input):
    """`was` is what they were when you read them; another text by now is answered with a 412."""

    remarks = fields.of(Minutes, "remarks", allow_blank=True)
    was = fields.of(Minutes, "remarks", allow_blank=True, allow_null=True, default=None)


class AmendmentPropose(fields.Input):
    """Without an item it is the remarks that should read so."""

    agenda_item = related_rows.RelatedRow(AgendaItem, allow_null=True, default=None)
    text = fields.of(MinutesAmendment, "text")


class AmendmentAnswer(fields.Input):
    amendment = related_rows.RelatedRow(MinutesAmendment)
    is_accepted = fields.Flag()
    reason = fields.of(MinutesAmendment, "answer", allow_blank=True, default="")


class MinutesPublish(fields.Input):
    shared = fields.Several(
        child=serializers.ChoiceField(rules.OPTIONAL), default=list, max_length=len(rules.OPTIONAL)
    )


class MinutesCorrect(fields.Input):
    reason = fields.of(Event, "reason")
