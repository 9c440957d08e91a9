"""The ways in, and the files that were read through them."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter

from backlog.admin.framework.nouns import NounAdmin
from backlog.models import Source, User
from backlog.operations import sources

# How what comes in is taken.
WAYS = ("language", "acknowledges", "on_change")


@admin.register(Source)
class SourceAdmin(NounAdmin[Source]):
    to_add = "backlog.manage_sources"
    to_edit = "backlog.manage_sources"

    add_fieldsets = ((None, {"fields": ("key", "name", "kind", "product", *WAYS)}),)
    fields = ("key", "name", "kind", "product", "is_active", *WAYS, "keeps_words_months")
    autocomplete_fields = ("product",)
    list_display = ("name", "key", "kind", "product", "language", "is_active")
    list_filter = (("kind", ChoicesDropdownFilter), ("is_active", BooleanRadioFilter))
    list_select_related = ("product",)
    ordering = ("name", "pk")
    search_fields = ("search_text",)

    def get_readonly_fields(self, request: HttpRequest, obj: Source | None = None) -> Any:
        return ("key", "kind") if obj else ()

    def add_row(self, *, by: User, at: datetime, **data: Any) -> Source:
        return sources.add_source(by=by, at=at, **data)

    def edit_row(self, row: Source, *, by: User, at: datetime, **changes: Any) -> None:
        sources.edit_source(source_id=row.pk, by=by, at=at, **changes)
