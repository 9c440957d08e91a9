"""The ledger's events."""

from collections.abc import Mapping
from typing import Any, Final

from rest_framework import serializers

from backlog.api.framework import fields
from backlog.api.serializers.references import ColleagueRef, RequestRef
from backlog.models import Event, Outcome, RequestStatus
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


def _drift(data: Mapping[str, Any]) -> float | None:
    told = data.get("drift")
    return float(told) if told else None


def _same(value: Any) -> Any:
    return value


class OverrideRead(fields.Read[Event]):
    """`drift` is how far the request came to be from its neighbours, `drift_now` is today’s.

    `result` is that of the last outcome since; null while there is none.
    """

    request = RequestRef(allow_null=True)
    actor = ColleagueRef(allow_null=True)
    drift = fields.Computed(serializers.FloatField(allow_null=True), of=("data",), by=_drift)
    drift_now = fields.Computed(
        serializers.FloatField(allow_null=True), of=("drift_now",), by=_same
    )
    moved_since = fields.Computed(serializers.BooleanField(), of=("moved_since",), by=bool)
    status_now = fields.Computed(
        serializers.ChoiceField(choices=RequestStatus.choices), of=("status_now",), by=_same
    )
    result = fields.Computed(
        serializers.ChoiceField(choices=Outcome.Result.choices, allow_null=True),
        of=("result",),
        by=_same,
    )

    class Meta:
        model = Event
        fields = [
            "id",
            "request",
            "actor",
            "at",
            "reason",
            "drift",
            "drift_now",
            "moved_since",
            "status_now",
            "result",
        ]
