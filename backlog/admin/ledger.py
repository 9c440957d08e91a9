"""The ledger, to read: what was done, to what, when, by whom and why."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import FieldTextFilter, RangeDateFilter

from backlog.admin.base import NounAdmin
from backlog.admin.columns import readable
from backlog.admin.narrowing import RowFilter
from backlog.models import Event
from backlog.rules import events


@admin.register(Event)
class EventAdmin(NounAdmin[Event]):
    fields = (
        "at",
        "kind",
        "actor",
        "request",
        "subject_type",
        "subject_id",
        "reason",
        "data_in_words",
    )
    readonly_fields = ("data_in_words",)
    data_in_words = readable(Event, "data")
    list_display = ("at", "kind", "request", "subject", "actor", "reason")
    list_filter = (
        ("request", RowFilter),
        ("actor", RowFilter),
        ("kind", FieldTextFilter),
        ("at", RangeDateFilter),
    )
    list_select_related = ("actor", "request")
    ordering = ("-pk",)
    search_fields = ("kind", "request__key")

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Event | None:
        """As far as the person may read it: the page is for reading, and saves nothing."""
        event = super().get_object(request, *args, **kwargs)
        if event is not None:
            event.data = events.shown(event.kind, event.data, request.user.has_perm)
        return event

    @admin.display(description=_("subject"))
    def subject(self, event: Event) -> str:
        return f"{event.subject_type} {event.subject_id}"
