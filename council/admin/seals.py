"""Councils, their seats, who holds them, and the chain of their seals."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from backlog.admin.framework.columns import readable
from backlog.admin.framework.nouns import NounAdmin
from backlog.admin.framework.row_filters import RowFilter
from council.models import Seal


@admin.register(Seal)
class SealAdmin(NounAdmin[Seal]):
    fields = (
        "council",
        "number",
        "subject_type",
        "subject_id",
        "content_in_words",
        "digest",
        "previous",
        "sealed_at",
    )
    readonly_fields = ("content_in_words",)
    content_in_words = readable(Seal, "content")
    list_display = ("__str__", "subject", "short_digest", "sealed_at")
    list_filter = (("council", RowFilter),)
    list_select_related = ("council",)
    ordering = ("-pk",)
    search_fields = ("digest", "council__search_text")

    @admin.display(description=_("subject"))
    def subject(self, seal: Seal) -> str:
        return f"{seal.subject_type} {seal.subject_id}"

    @admin.display(description=_("digest"))
    def short_digest(self, seal: Seal) -> str:
        return f"{seal.digest[:12]}…"
