"""Status updates: what customers hear of a request beside its outcomes."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter

from backlog.admin.framework.announcing import AnnouncedColumns
from backlog.admin.framework.columns import badge, list_link, readable
from backlog.admin.framework.nouns import NounAdmin
from backlog.models import Obligation, StatusUpdate

COLOURS = {
    "decided_yes": "success",
    "decided_no": "danger",
    "planned": "info",
    "reopened": "warning",
    "standing": "info",
}


@admin.register(StatusUpdate)
class StatusUpdateAdmin(AnnouncedColumns, NounAdmin[StatusUpdate]):
    when_empty = _("When the council decides about a request that customers asked for.")
    fields = (
        "request",
        "telling",
        "kind",
        "words_in_words",
        "recorded_by",
        "recorded_at",
        "announced_by",
        "announced_at",
        "told",
        "is_current",
    )
    readonly_fields = (
        "telling",
        "words_in_words",
        "announced_by",
        "announced_at",
        "told",
        "is_current",
    )
    leading = dict.fromkeys(("telling", "told"), "backlog.view_obligation")
    words_in_words = readable(StatusUpdate, "words")
    list_display = ("request", badge(StatusUpdate, "kind", COLOURS), "recorded_at", "announced_at")
    list_filter = (("kind", ChoicesDropdownFilter), ("is_current", BooleanRadioFilter))
    list_select_related = ("request", "announcement")
    ordering = ("-recorded_at", "-pk")
    search_fields = ("request__key", "request__search_text")

    @admin.display(description=_("telling the customers"))
    def telling(self, row: StatusUpdate) -> SafeString:
        address = reverse("backlog:status-update-announce", args=[row.pk])
        words = _("Preview and announce") if row.announced_at is None else _("See the announcement")
        return format_html('<a class="text-link" href="{}">{}</a>', address, words)

    @admin.display(description=_("customers"))
    def told(self, row: StatusUpdate) -> SafeString:
        announcement = row.announcement.pk
        return list_link(Obligation, _("Show who must hear"), announcement__id__exact=announcement)
