"""Scoring models and one's own assessments."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backlog.admin.framework.columns import badge
from backlog.admin.framework.nouns import NounAdmin, user_of
from backlog.admin.framework.row_filters import RowFilter
from backlog.models import Assessment

CONFIDENCE = {"low": "warning", "medium": "info", "high": "success"}


@admin.register(Assessment)
class AssessmentAdmin(NounAdmin[Assessment]):
    """One's own: others' values are blind, the departments' voices are on the request."""

    when_empty = _("Assess a request on its page.")

    fields = (
        "request",
        "criterion",
        "value",
        "confidence",
        "note",
        "department",
        "assessed_at",
        "blind_value",
        "revised_at",
    )
    list_display = (
        "request",
        "criterion",
        "shown_value",
        badge(Assessment, "confidence", CONFIDENCE),
        "assessed_at",
    )
    list_filter = (("request", RowFilter),)
    list_select_related = ("request", "criterion")
    ordering = ("-pk",)
    search_fields = ("request__key", "request__search_text", "search_text")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assessment]:
        return super().get_queryset(request).filter(assessor=user_of(request))

    @admin.display(description=_("value"))
    def shown_value(self, row: Assessment) -> str:
        return f"{row.value.normalize():f}"
