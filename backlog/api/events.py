"""The ledger, for reading."""

from django.db.models import QuerySet

from backlog.api.framework import base
from backlog.api.serializers import events as serializers
from backlog.filters import filtersets
from backlog.models import Event


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
