"""The ledger's events."""

from rest_framework import serializers

from backlog.api.framework import fields
from backlog.api.serializers.references import ColleagueRef, RequestRef
from backlog.models import Event
from backlog.rules import events


class EventRead(fields.Read[Event]):
    """What happened, to what, when, by whom; without an actor, the clock did it."""

    request = RequestRef(allow_null=True)
    actor = ColleagueRef(allow_null=True)
    data = fields.ComputedForReader(  # type: ignore[assignment]
        serializers.JSONField(), of=("kind", "data"), by=events.shown
    )

    class Meta:
        model = Event
        fields = [
            "id",
            "kind",
            "request",
            "subject_type",
            "subject_id",
            "actor",
            "at",
            "reason",
            "data",
        ]
