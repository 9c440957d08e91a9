"""Requests, the words that speak for them, and their way over the board."""

from rest_framework import serializers

from backlog.api.framework import fields
from backlog.api.serializers.references import (
    ColleagueRef,
    RequestRef,
)
from backlog.models import Event


class HistoryEntry(fields.Output):
    """One thing that happened on a request's way, in order."""

    at = fields.Moment()
    kind = serializers.CharField()
    actor = ColleagueRef(allow_null=True)
    subject_type = serializers.CharField()
    subject_id = serializers.IntegerField()
    title = serializers.CharField()
    words = serializers.CharField(allow_blank=True)
    detail = serializers.CharField(allow_blank=True)
    data = serializers.JSONField()  # type: ignore[assignment]
    way = serializers.ChoiceField(choices=Event.Way.choices, allow_blank=True)


class CustomerHistoryEntry(HistoryEntry):
    """One thing on a customer's timeline, with the request it concerns."""

    request = RequestRef(allow_null=True)
