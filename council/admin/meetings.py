"""Meetings and their agendas."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from unfold import widgets
from unfold.contrib.filters.admin import (
    MultipleChoicesDropdownFilter,
    RangeDateFilter,
)

from backlog.admin.base import NounForm
from backlog.admin.columns import badge, link
from backlog.admin.narrowing import RowFilter
from backlog.admin.requests import page_link
from backlog.admin.steps import StepAdmin, StepForm, StepInline, picker, step
from backlog.models import CustomerRequest, User
from backlog.models.fields import ends
from council.admin.actions import ReasonForm
from council.admin.decisions import (
    FOR_CUSTOMERS,
    CustomerWordsField,
    OptionsField,
    words_for_customers,
)
from council.models import ActionItem, AgendaItem, Council, Decision, Meeting
from council.operations import actions, decisions, meetings

Status = Meeting.Status
MEETING = {
    "scheduled": "info",
    "in_session": "warning",
    "inquorate": "danger",
    "approved": "success",
    "published": "success",
}
AGENDA = {
    "scheduled": "info",
    "active": "warning",
    "decided": "success",
    "actioned": "success",
    "informed": "success",
    "deferred": "warning",
}
OFF_AGENDA = (AgendaItem.Status.WITHDRAWN, AgendaItem.Status.DECLINED)


class AgendaItemForm(StepForm):
    request = forms.ModelChoiceField(
        CustomerRequest.objects.all(),
        label=_("request"),
        required=False,
        widget=picker(AgendaItem, "request"),
    )
    title = forms.CharField(
        label=_("or a topic"),
        required=False,
        **ends(AgendaItem, "title"),
        widget=widgets.UnfoldAdminTextInputWidget,
    )
    minutes = forms.IntegerField(
        label=_("minutes"),
        initial=10,
        min_value=1,
        max_value=600,
        widget=widgets.UnfoldAdminIntegerFieldWidget,
    )


class MeetingForm(NounForm[Meeting]):
    """A meeting that has been is recorded only by somebody who says that it has."""

    is_recorded_afterwards = forms.BooleanField(
        label=_("it has taken place already"),
        required=False,
        widget=widgets.UnfoldBooleanSwitchWidget,
        help_text=_("To record a meeting afterwards. Otherwise its time is yet to come."),
    )


class EndForm(StepForm):
    def note(self) -> SafeString | StrOrPromise:
        """Item by item, what becomes of what was not reached."""
        [meeting] = self.rows
        left = meetings.not_reached(meeting).visible_to(self.person).select_related("request")
        carried = [item for item in left if item.request_id]
        heard = [item for item in left if not item.request_id]
        if not (carried or heard):
            return _("Everything on the agenda has been dealt with.")
        coming = meetings.next_meeting(meeting, at=timezone.now())
        to = _("Carried over to “%(meeting)s”, and counted:") % {"meeting": coming}
        later = _("Carried over to the next meeting that is called, and counted:")
        parts = [(to if coming else later, carried), (_("Taken as heard:"), heard)]
        return format_html_join(
            "", "<div>{} {}</div>", ((title, _listed(it)) for title, it in parts if it)
        )


def _listed(items: list[AgendaItem]) -> SafeString:
    lines = format_html_join("", "<li>{}</li>", ((str(item),) for item in items))
    return format_html("<ul>{}</ul>", lines)


class AgendaInline(StepInline[AgendaItem, Meeting]):
    model = AgendaItem
    fields = ("position", "subject", "minutes", "times_deferred", "status", "decided", "next_steps")
    readonly_fields = ("subject", "decided", "next_steps")
    steps = ("decide", "assign", "withdraw")
    ordering = ("position", "pk")
    joined = ("meeting", "request", "decision")
    hide_title = True

    @admin.display(description=_("subject"))
    def subject(self, row: AgendaItem) -> SafeString | str:
        """A request leads to all that speaks for it."""
        if row.request is None:
            return row.title
        return page_link(row.request)

    @admin.display(description=_("decision"))
    def decided(self, row: AgendaItem) -> SafeString | str:
        decision = getattr(row, "decision", None)
        return link(decision, decision.get_verdict_display()) if decision else ""


@admin.register(Meeting)
class MeetingAdmin(StepAdmin[Meeting]):
    to_add = "council.schedule_meeting"
    when_empty = _("Schedule the first one and put requests on its agenda.")

    form = MeetingForm
    add_fieldsets = (
        (None, {"fields": ("council", "title", "starts_at", "minutes", "place")}),
        (None, {"fields": ("is_recorded_afterwards",)}),
    )
    fields = (
        ("title", "council"),
        ("starts_at", "place"),
        ("minutes", "status"),
        ("opened_at", "ended_at"),
    )
    autocomplete_fields = ("council",)
    inlines = (AgendaInline,)
    actions_detail = ("add_item", "open", "end", "cancel")
    list_display = (
        "title",
        "council",
        badge(Meeting, "status", MEETING),
        "starts_at",
        "minutes",
        "place",
    )
    list_filter = (
        ("council", RowFilter),
        ("status", MultipleChoicesDropdownFilter),
        ("starts_at", RangeDateFilter),
    )
    list_select_related = ("council",)
    ordering = ("-starts_at", "-pk")
    sortable_by = ("starts_at",)
    search_fields = ("search_text", "council__search_text")

    def add_row(self, *, by: User, at: datetime, council: Council, **facts: Any) -> Meeting:
        return meetings.schedule_meeting(council_id=council.pk, by=by, at=at, **facts)

    @step(
        _("Add to the agenda"),
        permission="council.edit_agenda",
        form=AgendaItemForm,
        icon="playlist_add",
        is_offered=lambda row: row.status in (*meetings.TO_COME, *meetings.UNDER_WAY),
        done=_("It is on the agenda."),
    )
    def add_item(
        self,
        meeting: Meeting,
        *,
        by: User,
        at: datetime,
        request: CustomerRequest | None,
        **facts: Any,
    ) -> None:
        meetings.add_agenda_item(
            meeting_id=meeting.pk, request_id=request.pk if request else None, by=by, at=at, **facts
        )

    @step(
        _("Open the meeting"),
        permission="council.hold_meeting",
        icon="play_arrow",
        is_offered=lambda row: row.status in meetings.TO_COME,
    )
    def open(self, meeting: Meeting, *, by: User, at: datetime) -> StrOrPromise:
        meetings.open_meeting(meeting_id=meeting.pk, by=by, at=at)
        return _("The meeting is open.")

    @step(
        _("End the meeting"),
        permission="council.hold_meeting",
        form=EndForm,
        icon="stop",
        is_offered=lambda row: row.status in meetings.UNDER_WAY,
    )
    def end(self, meeting: Meeting, *, by: User, at: datetime) -> StrOrPromise:
        meetings.end_meeting(meeting_id=meeting.pk, by=by, at=at)
        return _("The meeting is over. Its minutes can be written.")

    @step(
        _("Call it off"),
        permission="council.schedule_meeting",
        form=ReasonForm,
        icon="event_busy",
        is_offered=lambda row: row.status in meetings.TO_COME,
        done=_("The meeting is called off. What was on its agenda is free for the next."),
    )
    def cancel(self, meeting: Meeting, *, by: User, at: datetime, reason: str) -> None:
        meetings.cancel_meeting(meeting_id=meeting.pk, reason=reason, by=by, at=at)


class VerdictForm(StepForm):
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


class ActionForm(StepForm):
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
class AgendaItemAdmin(StepAdmin[AgendaItem]):
    when_empty = _("Add requests to the agenda of a meeting.")
    fields = (
        "meeting",
        "request",
        "title",
        "position",
        "minutes",
        "status",
        "times_deferred",
        "proposed_by",
    )
    actions_detail = ("decide", "assign", "withdraw")
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

    @step(
        _("Record the decision"),
        permission="council.record_decision",
        form=VerdictForm,
        icon="gavel",
        is_offered=decisions.can_be_decided,
    )
    def decide(self, item: AgendaItem, *, by: User, at: datetime, **facts: Any) -> SafeString:
        assert item.request_id is not None
        decision = decisions.record_decision(
            council_id=item.meeting.council_id,
            request_id=item.request_id,
            agenda_item_id=item.pk,
            by=by,
            at=at,
            **words_for_customers(facts),
        )
        return format_html(str(_("On record and sealed: {decision}")), decision=link(decision))

    @step(
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
        action = actions.assign_action(
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

    @step(
        _("Take off the agenda"),
        permission="council.edit_agenda",
        form=ReasonForm,
        icon="playlist_remove",
        is_offered=lambda row: row.status in meetings.NOT_REACHED,
        done=_("It is off the agenda."),
    )
    def withdraw(self, item: AgendaItem, *, by: User, at: datetime, reason: str) -> None:
        meetings.withdraw_agenda_item(agenda_item_id=item.pk, reason=reason, by=by, at=at)
