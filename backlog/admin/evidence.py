"""Evidence: which words speak for which request."""

from datetime import datetime

from django import forms
from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from unfold import widgets
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from backlog.admin.framework.columns import badge
from backlog.admin.framework.row_actions import RowActionAdmin, RowActionForm, row_action
from backlog.admin.framework.row_filters import RowFilter
from backlog.db.fields import ends
from backlog.models import Event, Evidence, User
from backlog.operations import evidence

IMPORTANCE = {2: "warning", 3: "danger"}


class UnlinkForm(RowActionForm):
    reason = forms.CharField(
        **ends(Event, "reason"),
        label=_("reason"),
        required=False,
        widget=widgets.UnfoldAdminTextInputWidget,
    )

    def note(self) -> StrOrPromise:
        return _("The link ends today and stays on record.")


@admin.register(Evidence)
class EvidenceAdmin(RowActionAdmin[Evidence]):
    when_empty = _("Link words of the inbox to a request.")
    fields = (
        "request",
        "counts_for",
        "feedback",
        "excerpt",
        "importance",
        "linked_by",
        "linked_at",
        "unlinked_at",
    )
    readonly_fields = ("excerpt",)
    actions = ("unlink",)
    actions_detail = ("unlink",)
    list_display = (
        "words",
        "request",
        badge(Evidence, "importance", IMPORTANCE),
        "linked_by",
        "linked_at",
        "unlinked_at",
    )
    list_filter = (
        ("request", RowFilter),
        ("importance", ChoicesDropdownFilter),
    )
    list_select_related = ("request", "feedback", "linked_by")
    ordering = ("-pk",)
    search_fields = ("request__key", "feedback__search_text")

    @admin.display(description=_("excerpt"))
    def excerpt(self, row: Evidence) -> str:
        return row.excerpt

    @admin.display(description=_("words"))
    def words(self, row: Evidence) -> SafeString:
        return format_html('<span class="hb-clamp">{}</span>', row.excerpt[:200])

    @row_action(
        _("Unlink"),
        permission="backlog.link_evidence",
        form=UnlinkForm,
        icon="link_off",
        is_offered=lambda row: row.unlinked_at is None,
        done=_("The words are taken off the request."),
    )
    def unlink(self, row: Evidence, *, by: User, at: datetime, reason: str) -> None:
        evidence.unlink_evidence(evidence_id=row.pk, reason=reason, by=by, at=at)
