"""Action items: who owes what by when, and whether it was accepted as done."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold import widgets
from unfold.contrib.filters.admin import (
    MultipleChoicesDropdownFilter,
)

from backlog.admin.framework.columns import badge
from backlog.admin.framework.day_filters import DaysFilter
from backlog.admin.framework.row_actions import RowActionAdmin, RowActionForm, row_action
from backlog.admin.framework.row_filters import RowFilter
from backlog.db.fields import ends
from backlog.models import CustomerRequest, Event, User
from council.models import ActionItem, AgendaItem, Council
from council.operations import action_items

Status = ActionItem.Status
STATUS = {
    "open": "info",
    "blocked": "danger",
    "claimed_done": "warning",
    "verified": "success",
    "reopened": "warning",
}
UNFINISHED = (Status.OPEN, Status.BLOCKED, Status.CLAIMED_DONE, Status.REOPENED)


class ProofForm(RowActionForm):
    evidence = forms.CharField(
        **ends(ActionItem, "evidence"),
        label=_("evidence"),
        widget=widgets.UnfoldAdminTextareaWidget({"rows": 4}),
        help_text=_("How one can see that it is done. Somebody else accepts it."),
    )


class ReasonForm(RowActionForm):
    reason = forms.CharField(
        **ends(Event, "reason"),
        label=_("reason"),
        widget=widgets.UnfoldAdminTextareaWidget({"rows": 4}),
    )


@admin.register(ActionItem)
class ActionItemAdmin(RowActionAdmin[ActionItem]):
    to_add = "council.assign_action"
    when_empty = _("Assign one from an agenda item.")

    add_fieldsets = (
        (None, {"fields": ("council", "title", "owner", "helpers", "due_on", "success_measure")}),
        (_("Where it comes from"), {"fields": ("request", "agenda_item")}),
    )
    fields = (
        "title",
        "owner",
        "helpers",
        "partner",
        "due_on",
        "success_measure",
        "status",
        "evidence",
        "evidence_link",
        "evidence_request",
        "evidence_outcome",
        "blocked_by",
        "request",
        "council",
        "agenda_item",
        "assigned_by",
        "assigned_at",
        "claimed_at",
        "closed_at",
    )
    autocomplete_fields = ("council", "owner", "helpers", "request", "agenda_item")
    actions_detail = ("claim_done", "verify", "block", "unblock", "reopen", "cancel")
    actions = ("verify",)
    list_display = (
        "title",
        "owner",
        "due_on",
        badge(ActionItem, "status", STATUS),
        "request",
        "council",
    )
    list_filter = (
        ("status", MultipleChoicesDropdownFilter),
        ("owner", RowFilter),
        ("council", RowFilter),
        ("due_on", DaysFilter),
    )
    list_select_related = ("owner", "request", "council")
    ordering = ("due_on", "pk")
    search_fields = ("search_text", "owner__search_text", "request__key")

    def add_row(
        self,
        *,
        by: User,
        at: datetime,
        council: Council,
        request: CustomerRequest | None = None,
        agenda_item: AgendaItem | None = None,
        **data: Any,
    ) -> ActionItem:
        return action_items.assign_action(
            council_id=council.pk,
            request_id=request.pk if request else None,
            agenda_item_id=agenda_item.pk if agenda_item else None,
            by=by,
            at=at,
            **data,
        )

    # Whoever owns it may say that it is done, whatever their role; the operation asks who they are.
    @row_action(
        _("It is done"),
        permission="council.view_actionitem",
        form=ProofForm,
        icon="task_alt",
        is_offered=lambda row: row.status in UNFINISHED,
        done=_("On record as done. Somebody else accepts it."),
    )
    def claim_done(self, row: ActionItem, *, by: User, at: datetime, evidence: str) -> None:
        action_items.claim_done(action_id=row.pk, evidence=evidence, by=by, at=at)

    @row_action(
        _("Accept as done"),
        permission="council.assign_action",
        icon="verified",
        is_offered=lambda row: row.status == Status.CLAIMED_DONE,
        done=_("Accepted as done."),
    )
    def verify(self, row: ActionItem, *, by: User, at: datetime) -> None:
        action_items.verify_action(action_id=row.pk, by=by, at=at)

    @row_action(
        _("It is blocked"),
        permission="council.view_actionitem",
        form=ReasonForm,
        icon="block",
        is_offered=lambda row: row.status in (Status.OPEN, Status.REOPENED),
        done=_("On record as blocked."),
    )
    def block(self, row: ActionItem, *, by: User, at: datetime, reason: str) -> None:
        action_items.block_action(action_id=row.pk, reason=reason, by=by, at=at)

    @row_action(
        _("It is blocked no more"),
        permission="council.view_actionitem",
        icon="lock_open",
        is_offered=lambda row: row.status == Status.BLOCKED,
        done=_("The action is open again."),
    )
    def unblock(self, row: ActionItem, *, by: User, at: datetime) -> None:
        action_items.unblock_action(action_id=row.pk, by=by, at=at)

    @row_action(
        _("Reopen"),
        permission="council.assign_action",
        form=ReasonForm,
        icon="undo",
        is_offered=lambda row: row.status in (Status.CLAIMED_DONE, Status.VERIFIED),
        done=_("The action is open again."),
    )
    def reopen(self, row: ActionItem, *, by: User, at: datetime, reason: str) -> None:
        action_items.reopen_action(action_id=row.pk, reason=reason, by=by, at=at)

    @row_action(
        _("Cancel it"),
        permission="council.assign_action",
        form=ReasonForm,
        icon="cancel",
        is_offered=lambda row: row.status in UNFINISHED,
        done=_("The action is cancelled."),
    )
    def cancel(self, row: ActionItem, *, by: User, at: datetime, reason: str) -> None:
        action_items.cancel_action(action_id=row.pk, reason=reason, by=by, at=at)
