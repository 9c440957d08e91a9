"""The ledger, for reading."""

from django.db.models import QuerySet

from backlog.api.framework import base
from backlog.api.serializers import events as serializers
from backlog.filters import filtersets
from backlog.models import Event
from backlog.queries import overrides


class EventViewSet(base.Listed[Event]):
    """What people and the clock did, newest first. Nothing here is ever changed."""

    queryset = Event.objects.none()
    serializer_class = serializers.EventRead
    filterset_class = filtersets.EventFilter
    orderings = ("id", "at")
    access = base.reading("backlog.view_event")

    def get_queryset(self) -> QuerySet[Event]:
        seen = Event.objects.visible_to(self.user).with_token_names()
        return seen.select_related("request", "actor")


class OverrideViewSet(base.List[Event]):
    """Who moved what against its score, when and why, and what became of it."""

    queryset = Event.objects.none()
    serializer_class = serializers.OverrideRead
    filterset_class = filtersets.OverrideFilter
    orderings = ("at", "id")
    default_ordering = "-at"
    access = {"list": base.reading("backlog.view_event")["list"]}

    def get_queryset(self) -> QuerySet[Event]:
        seen = overrides.with_what_became(overrides.visible_to(self.user))
        return seen.select_related("request", "actor")
