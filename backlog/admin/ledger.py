"""The ledger, to read: what was done, to what, when, by whom and why."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import FieldTextFilter, RangeDateFilter

from backlog.admin.base import NounAdmin
from backlog.admin.columns import readable
from backlog.admin.narrowing import RowFilter
from backlog.models import Event


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

    @admin.display(description=_("subject"))
    def subject(self, event: Event) -> str:
        return f"{event.subject_type} {event.subject_id}"
