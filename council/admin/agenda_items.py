"""Meetings and their agendas."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold import widgets
from unfold.contrib.filters.admin import (
    MultipleChoicesDropdownFilter,
)

from backlog.admin.framework.columns import badge, link
from backlog.admin.framework.row_actions import (
    RowActionAdmin,
    RowActionForm,
    picker,
    row_action,
)
from backlog.admin.framework.row_filters import RowFilter
from backlog.db.fields import ends
from backlog.models import User
from council.admin.action_items import ReasonForm
from council.admin.decisions import (
    FOR_CUSTOMERS,
    CustomerWordsField,
    FiguresField,
    OptionsField,
    words_for_customers,
)
from council.models import ActionItem, AgendaItem, Decision
from council.operations import action_items, agenda_items, decisions, meetings
from council.queries import decisions as decision_queries

AGENDA = {
    "scheduled": "info",
    "active": "warning",
    "decided": "success",
    "actioned": "success",
    "informed": "success",
    "deferred": "warning",
}
OFF_AGENDA = (AgendaItem.Status.WITHDRAWN, AgendaItem.Status.DECLINED)


class VerdictForm(RowActionForm):
    verdict = forms.ChoiceField(
        label=_("verdict"),
        # Nothing is chosen beforehand: a verdict is never given by leaving it as it is.
        choices=[("", "–"), *Decision.Verdict.choices],
        widget=widgets.UnfoldAdminSelectWidget,
    )
    rationale = forms.CharField(
        **ends(Decision, "rationale"),
        label=_("rationale"),
        widget=widgets.UnfoldAdminTextareaWidget({"rows": 4}),
    )
    options = OptionsField(label=_("options weighed"), required=False, help_text=_("One a line."))
    reason_code = forms.ChoiceField(
        label=_("why it is declined"),
        required=False,
        choices=[("", "–"), *Decision.ReasonCode.choices],
        widget=widgets.UnfoldAdminSelectWidget,
        help_text=_("To decline."),
    )
    conditions = forms.CharField(
        **ends(Decision, "conditions"),
        label=_("conditions"),
        required=False,
        widget=widgets.UnfoldAdminTextareaWidget({"rows": 2}),
    )
    dissent = forms.CharField(
        **ends(Decision, "dissent"),
        label=_("dissent"),
        required=False,
        widget=widgets.UnfoldAdminTextareaWidget({"rows": 3}),
    )
    expected_effect = forms.CharField(
        **ends(Decision, "expected_effect"),
        label=_("expected effect"),
        required=False,
        widget=widgets.UnfoldAdminTextareaWidget({"rows": 3}),
    )
    predictions = FiguresField()
    review_on = forms.DateField(
        label=_("review on"),
        required=False,
        widget=widgets.UnfoldAdminSingleDateWidget,
        help_text=_("Needed to defer: until when."),
    )
    customer_words_ko = CustomerWordsField(
        _("what we say to customers, in Korean"), "ko", help_text=FOR_CUSTOMERS
    )
    customer_words_en = CustomerWordsField(_("what we say to customers, in English"), "en")


class ActionForm(RowActionForm):
    title = forms.CharField(
        **ends(ActionItem, "title"), label=_("title"), widget=widgets.UnfoldAdminTextInputWidget
    )
    owner = forms.ModelChoiceField(
        User.objects.filter(is_active=True),
        label=_("owner"),
        widget=picker(ActionItem, "owner"),
    )
    due_on = forms.DateField(label=_("due on"), widget=widgets.UnfoldAdminSingleDateWidget)
    success_measure = forms.CharField(
        label=_("success measure"),
        required=False,
        **ends(ActionItem, "success_measure"),
        widget=widgets.UnfoldAdminTextInputWidget,
    )


@admin.register(AgendaItem)
class AgendaItemAdmin(RowActionAdmin[AgendaItem]):
    when_empty = _("Add requests to the agenda of a meeting.")
    fields = (
        "meeting",
        "request",
        "title",
        "kind",
        "section",
        "presenter",
        "papers",
        "position",
        "minutes",
        "status",
        "times_deferred",
        "proposed_by",
    )
    actions_detail = ("decide", "assign", "accept", "decline", "carry_over", "withdraw")
    list_display = (
        "__str__",
        "meeting",
        "position",
        "minutes",
        badge(AgendaItem, "status", AGENDA),
        "times_deferred",
    )
    list_filter = (
        ("meeting", RowFilter),
        ("request", RowFilter),
        ("status", MultipleChoicesDropdownFilter),
    )
    list_select_related = ("meeting", "request")
    ordering = ("-meeting__starts_at", "position", "pk")
    search_fields = ("search_text", "request__key", "request__search_text", "meeting__search_text")

    def place_of(self, row: AgendaItem) -> str:
        """The meeting, where the next item waits."""
        return reverse("admin:council_meeting_change", args=[row.meeting_id])

    @row_action(
        _("Record the decision"),
        permission="council.record_decision",
        form=VerdictForm,
        icon="gavel",
        is_offered=decision_queries.can_be_decided,
        is_for=decision_queries.can_be_decided_by,
    )
    def decide(self, item: AgendaItem, *, by: User, at: datetime, **data: Any) -> SafeString:
        assert item.request_id is not None
        decision = decisions.record_decision(
            council_id=item.meeting.council_id,
            request_id=item.request_id,
            agenda_item_id=item.pk,
            by=by,
            at=at,
            **words_for_customers(data),
        )
        return format_html(str(_("On record and sealed: {decision}")), decision=link(decision))

    @row_action(
        _("Assign an action"),
        permission="council.assign_action",
        form=ActionForm,
        icon="assignment_ind",
        is_offered=lambda row: row.status not in OFF_AGENDA,
    )
    def assign(
        self,
        item: AgendaItem,
        *,
        by: User,
        at: datetime,
        title: str,
        owner: User,
        due_on: date,
        success_measure: str,
    ) -> SafeString:
        action = action_items.assign_action(
            council_id=item.meeting.council_id,
            agenda_item_id=item.pk,
            title=title,
            owner=owner,
            due_on=due_on,
            success_measure=success_measure,
            by=by,
            at=at,
        )
        return format_html(str(_("Assigned: {action}")), action=link(action))

    @row_action(
        _("Accept"),
        permission="council.edit_agenda",
        icon="check_circle",
        is_offered=lambda row: row.status == AgendaItem.Status.PROPOSED,
        done=_("It is on the agenda."),
    )
    def accept(self, item: AgendaItem, *, by: User, at: datetime) -> None:
        agenda_items.accept_agenda_item(agenda_item_id=item.pk, by=by, at=at)

    @row_action(
        _("Decline"),
        permission="council.edit_agenda",
        form=ReasonForm,
        icon="do_not_disturb_on",
        is_offered=lambda row: row.status == AgendaItem.Status.PROPOSED,
        done=_("It is declined, and your reason stands with it."),
    )
    def decline(self, item: AgendaItem, *, by: User, at: datetime, reason: str) -> None:
        agenda_items.decline_agenda_item(agenda_item_id=item.pk, reason=reason, by=by, at=at)

    @row_action(
        _("Carry over to the next meeting"),
        permission="council.edit_agenda",
        icon="move_up",
        is_offered=lambda row: row.status in meetings.NOT_REACHED,
        done=_("It is carried over to the next meeting."),
    )
    def carry_over(self, item: AgendaItem, *, by: User, at: datetime) -> None:
        agenda_items.carry_over_agenda_item(agenda_item_id=item.pk, by=by, at=at)

    @row_action(
        _("Take off the agenda"),
        permission="council.edit_agenda",
        form=ReasonForm,
        icon="playlist_remove",
        is_offered=lambda row: row.status in meetings.NOT_REACHED,
        done=_("It is off the agenda."),
    )
    def withdraw(self, item: AgendaItem, *, by: User, at: datetime, reason: str) -> None:
        agenda_items.withdraw_agenda_item(agenda_item_id=item.pk, reason=reason, by=by, at=at)
