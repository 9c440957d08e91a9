"""The ledger's events."""

from typing import Final

from rest_framework import serializers

from backlog.api.framework import fields
from backlog.api.serializers.references import ColleagueRef, RequestRef
from backlog.models import Event
from backlog.queries import origins
from backlog.rules import events

_WORD: Final = serializers.CharField(allow_null=True)


class EventRead(fields.Read[Event]):
    """What happened, to what, when, by whom; without an actor, the clock or a customer did it.

    `way` is through what: a page, an API token, a customer's signed link, a report about mail, the
    worker or a command; `process` names the task or command. The key that was used (`token`,
    `token_name`) and the call (`correlation`, as in `X-Request-ID`) are null for those who may not
    see tokens, and `on_behalf_of` for those who may not see customers.
    """

    request = RequestRef(allow_null=True)
    actor = ColleagueRef(allow_null=True)
    data = fields.ComputedForReader(  # type: ignore[assignment]
        serializers.JSONField(), of=("kind", "data"), by=events.shown
    )
    token = fields.ComputedForReader(_WORD, of=("token",), by=origins.for_key_keepers)
    token_name = fields.ComputedForReader(_WORD, of=("token_name",), by=origins.for_key_keepers)
    correlation = fields.ComputedForReader(_WORD, of=("correlation",), by=origins.for_key_keepers)
    on_behalf_of = fields.ComputedForReader(
        serializers.IntegerField(allow_null=True),
        of=("on_behalf_of_id",),
        by=origins.for_those_who_see_customers,
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
            "way",
            "process",
            "token",
            "token_name",
            "on_behalf_of",
            "correlation",
        ]
