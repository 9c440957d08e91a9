"""Obligations: who must hear what, and whom a colleague need not tell."""

from datetime import datetime

from django import forms
from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold import widgets
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    MultipleChoicesDropdownFilter,
)

from backlog.admin.framework.columns import badge, link
from backlog.admin.framework.day_filters import DaysFilter
from backlog.admin.framework.nouns import ReadOnlyInline
from backlog.admin.framework.row_actions import RowActionAdmin, RowActionForm, row_action
from backlog.admin.framework.row_filters import RowFilter
from backlog.db.fields import ends
from backlog.models import (
    Event,
    NoticeItem,
    Obligation,
    User,
)
from backlog.operations import obligations

OBLIGATION = {
    "owed": "warning",
    "told": "info",
    "confirmed": "success",
    "partly": "warning",
    "disputed": "danger",
    "bounced": "danger",
}


class WaiveForm(RowActionForm):
    reason = forms.CharField(
        **ends(Event, "reason"),
        label=_("reason"),
        widget=widgets.UnfoldAdminTextareaWidget({"rows": 4}),
        help_text=_("Why this customer need not be told by us. It stays on record with your name."),
    )


class NoticeOfObligationInline(ReadOnlyInline[NoticeItem, Obligation]):
    model = NoticeItem
    fields = ("notice", "is_live")
    ordering = ("-pk",)
    joined = ("notice__customer", "notice__user")
    show_change_link = False


@admin.register(Obligation)
class ObligationAdmin(RowActionAdmin[Obligation]):
    when_empty = _("When an outcome or a decision is recorded, all who asked for it appear here.")
    fields = (
        "customer",
        "request",
        "outcome",
        "status_update",
        "feedback",
        "event",
        "status",
        "reason",
        "owed_at",
        "released_at",
        "settled_at",
        "waived_by",
        "superseded_by",
    )
    readonly_fields = ("outcome", "status_update")
    in_other_words = ("announcement",)
    inlines = (NoticeOfObligationInline,)
    actions = ("waive",)
    actions_detail = ("waive",)
    list_display = (
        "customer",
        "request",
        badge(Obligation, "status", OBLIGATION),
        "reason",
        "owed_at",
        "settled_at",
    )
    list_filter = (
        ("status", MultipleChoicesDropdownFilter),
        ("reason", ChoicesDropdownFilter),
        ("request", RowFilter),
        ("customer", RowFilter),
        ("owed_at", DaysFilter),
    )
    list_select_related = ("customer", "request")
    ordering = ("-pk",)
    search_fields = ("request__key", "customer__search_text")

    @admin.display(description=_("outcome"))
    def outcome(self, row: Obligation) -> SafeString | str:
        return link(row.outcome) or self.get_empty_value_display()

    @admin.display(description=_("status update"))
    def status_update(self, row: Obligation) -> SafeString | str:
        return link(row.status_update) or self.get_empty_value_display()

    @row_action(
        _("Waive"),
        permission="backlog.waive_obligation",
        form=WaiveForm,
        icon="do_not_disturb_on",
        is_offered=lambda row: row.status == Obligation.Status.OWED,
        done=_("The customer need not be told."),
    )
    def waive(self, row: Obligation, *, by: User, at: datetime, reason: str) -> None:
        obligations.waive_obligation(obligation_id=row.pk, reason=reason, by=by, at=at)
