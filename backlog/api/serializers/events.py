"""The ledger's events."""

from typing import Any

from backlog.api.framework import fields, rows
from backlog.api.serializers.references import ColleagueRef, RequestRef
from backlog.models import Event
from backlog.rules import events


class EventRead(fields.Read[Event]):
    """What happened, to what, when, by whom; without an actor, the clock did it."""

    request = RequestRef(allow_null=True)
    actor = ColleagueRef(allow_null=True)

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

    @classmethod
    def shown(cls, row: Event, context: rows.Context) -> dict[str, Any]:
        may = context["request"].user.has_perm
        return {**super().shown(row, context), "data": events.shown(row.kind, row.data, may)}
