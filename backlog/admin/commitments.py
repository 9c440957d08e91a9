"""Sprints, and what is taken into them."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold import widgets
from unfold.contrib.filters.admin import (
    BooleanRadioFilter,
)

from backlog.admin import capacity, commitment_terms
from backlog.admin.framework.announcing import AnnouncedColumns
from backlog.admin.framework.nouns import ReadOnlyInline
from backlog.admin.framework.row_actions import (
    RowActionAdmin,
    RowActionForm,
    row_action,
)
from backlog.admin.framework.row_filters import RowFilter
from backlog.admin.outcomes import OutcomeForm, announce_link
from backlog.db.fields import ends
from backlog.models import Commitment, Event, Outcome, User
from backlog.operations import commitments, outcomes


class WithdrawForm(RowActionForm):
    reason = forms.CharField(
        **ends(Event, "reason"), label=_("reason"), widget=widgets.UnfoldAdminTextInputWidget
    )


class OutcomeInline(AnnouncedColumns, ReadOnlyInline[Outcome, Commitment]):
    model = Outcome
    fields = ("result", "shipped_at", "recorded_by", "recorded_at", "announced_at")
    readonly_fields = ("announced_at",)
    ordering = ("-recorded_at", "-pk")
    joined = ("recorded_by", "commitment__sprint", "commitment__request", "announcement")


@admin.register(Commitment)
class CommitmentAdmin(RowActionAdmin[Commitment]):
    when_empty = _("Take a request into a sprint.")
    fields = (
        "sprint",
        "request",
        "hypothesis",
        "measure",
        ("baseline", "target"),
        "is_pilot",
        "committed_by",
        "committed_at",
        "withdrawn_at",
    )
    inlines = (OutcomeInline,)
    actions_detail = ("record_outcome", "set_effort", "edit_terms", "withdraw")
    list_display = ("request", "sprint", "measure", "is_pilot", "committed_at", "withdrawn_at")
    list_filter = (("sprint", RowFilter), ("is_pilot", BooleanRadioFilter))
    list_select_related = ("request", "sprint")
    ordering = ("-pk",)
    search_fields = ("request__key", "request__search_text", "sprint__search_text")

    def place_of(self, row: Commitment) -> str:
        """The sprint, where the other commitments are."""
        return reverse("admin:backlog_sprint_change", args=[row.sprint_id])

    @row_action(
        _("Record what became of it"),
        permission="backlog.record_outcome",
        form=OutcomeForm,
        icon="flag",
        is_offered=lambda row: row.withdrawn_at is None and row.sprint.started_at is not None,
    )
    def record_outcome(self, row: Commitment, *, by: User, at: datetime, **data: Any) -> SafeString:
        outcome = outcomes.record_outcome(commitment_id=row.pk, by=by, at=at, **data)
        words = _("On record. Nobody is told before it is announced: {announce}")
        return format_html(str(words), announce=announce_link(outcome))

    @row_action(
        _("Estimate the effort"),
        permission="backlog.plan_sprint",
        form=capacity.EffortForm,
        icon="hourglass",
        is_offered=lambda row: row.withdrawn_at is None and row.sprint.closed_at is None,
        done=_("The effort is estimated."),
    )
    def set_effort(self, row: Commitment, *, by: User, at: datetime, **days: Any) -> None:
        capacity.set_effort(row, by=by, at=at, **days)

    @row_action(
        _("Edit the terms"),
        permission="backlog.plan_sprint",
        form=commitment_terms.EditTermsForm,
        icon="edit",
        is_offered=lambda row: row.withdrawn_at is None and row.sprint.closed_at is None,
        done=_("The terms are as you wrote them."),
    )
    def edit_terms(self, row: Commitment, *, by: User, at: datetime, **changes: Any) -> None:
        commitments.edit_commitment(commitment_id=row.pk, by=by, at=at, **changes)

    @row_action(
        _("Take back out"),
        permission="backlog.plan_sprint",
        form=WithdrawForm,
        icon="undo",
        is_offered=lambda row: row.withdrawn_at is None,
        done=_("The request is out of the sprint again."),
    )
    def withdraw(self, row: Commitment, *, by: User, at: datetime, reason: str) -> None:
        commitments.withdraw_commitment(commitment_id=row.pk, reason=reason, by=by, at=at)
