"""The ways in, and the files that were read through them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
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
        "what_is_left",
        "started_by",
        "started_at",
        "finished_at",
        "rows_read",
        "rows_stored",
        "rows_known",
        "rows_refused",
    )
    readonly_fields = ("what_is_left",)
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
        "what_is_left",
        "started_at",
    )
    list_filter = (("status", ChoicesDropdownFilter),)
    list_select_related = ("source",)
    ordering = ("-pk",)
    search_fields = ("search_text", "source__search_text")

    @admin.display(description=_("what is left"))
    def what_is_left(self, run: ImportRun) -> StrOrPromise:
        if not run.is_cut_short:
            return ""
        return _(
            "Interrupted after %(rows)d rows. Import the same file again to store the rest."
        ) % {"rows": run.rows_read}
