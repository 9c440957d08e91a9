"""The ways in, and the files that were read through them."""

from django.contrib import admin
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from backlog.admin.framework.columns import badge
from backlog.admin.framework.nouns import NounAdmin
from backlog.models import ImportRun


@admin.register(ImportRun)
class ImportRunAdmin(NounAdmin[ImportRun]):
    fields = (
        "source",
        "file_name",
        "status",
        "started_by",
        "started_at",
        "finished_at",
        "rows_read",
        "rows_stored",
        "rows_known",
        "rows_refused",
    )
    list_display = (
        "file_name",
        "source",
        badge(
            ImportRun,
            "status",
            {"running": "info", "finished": "success", "failed": "danger"},
        ),
        "rows_read",
        "rows_stored",
        "rows_known",
        "rows_refused",
        "started_at",
    )
    list_filter = (("status", ChoicesDropdownFilter),)
    list_select_related = ("source",)
    ordering = ("-pk",)
    search_fields = ("search_text", "source__search_text")
