"""The ledger's events."""

from typing import Any

from rest_framework import serializers

from backlog.api.framework import fields, rows
from backlog.api.serializers.references import ColleagueRef, RequestRef
from backlog.models import Event
from backlog.queries import origins
from backlog.rules import events


class EventRead(fields.Read[Event]):
    """What happened, to what, when, by whom; without an actor, the clock or a customer did it.

    `way` is through what: a page, an API token, a customer's signed link, a report about mail, the
    worker or a command; `process` names the task or command. The key that was used (`token`,
    `token_name`) and the call (`correlation`, as in `X-Request-ID`) are null for those who may not
    see tokens, and `on_behalf_of` for those who may not see customers.
    """

    request = RequestRef(allow_null=True)
    actor = ColleagueRef(allow_null=True)
    token = serializers.CharField(allow_null=True)
    token_name = serializers.CharField(allow_null=True)
    correlation = serializers.CharField(allow_null=True)

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
            "way",
            "process",
            "token",
            "token_name",
            "on_behalf_of",
            "correlation",
        ]

    @classmethod
    def shown(cls, row: Event, context: rows.Context) -> dict[str, Any]:
        may = context["request"].user.has_perm
        data = events.shown(row.kind, row.data, may)
        return {**super().shown(row, context), "data": data, **origins.shown(row, may)}
