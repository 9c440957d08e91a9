"""The loop: who must hear what, the messages that tell them, and what they answered."""

from datetime import datetime

from django import forms
from django.contrib import admin
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from unfold import widgets
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    MultipleChoicesDropdownFilter,
    RangeDateFilter,
)

from backlog import tasks
from backlog.admin.base import NounAdmin, ReadOnlyInline
from backlog.admin.columns import badge
from backlog.admin.narrowing import RowFilter
from backlog.admin.steps import StepAdmin, StepForm, step
from backlog.models import (
    Customer,
    CustomerRequest,
    Event,
    Notice,
    NoticeItem,
    Obligation,
    Reply,
    User,
)
from backlog.models.fields import ends
from backlog.operations import notices, obligations

OBLIGATION = {
    "owed": "warning",
    "told": "info",
    "confirmed": "success",
    "partly": "warning",
    "disputed": "danger",
    "bounced": "danger",
}
NOTICE = {
    "queued": "info",
    "held": "warning",
    "sending": "info",
    "sent": "success",
    "delivered": "success",
    "bounced": "danger",
    "complained": "danger",
    "dead": "danger",
}
VERDICT = {"yes": "success", "partly": "warning", "no": "danger"}


class WaiveForm(StepForm):
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
class ObligationAdmin(StepAdmin[Obligation]):
    when_empty = _("When an outcome or a decision is recorded, all who asked for it appear here.")
    fields = (
        "customer",
        "request",
        "outcome",
        "news",
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
        ("owed_at", RangeDateFilter),
    )
    list_select_related = ("customer", "request")
    ordering = ("-pk",)
    search_fields = ("request__key", "customer__search_text")

    @step(
        _("Waive"),
        permission="backlog.waive_obligation",
        form=WaiveForm,
        icon="do_not_disturb_on",
        is_offered=lambda row: row.status == Obligation.Status.OWED,
        done=_("The customer need not be told."),
    )
    def waive(self, row: Obligation, *, by: User, at: datetime, reason: str) -> None:
        obligations.waive_obligation(obligation_id=row.pk, reason=reason, by=by, at=at)


class ObligationOfNoticeInline(ReadOnlyInline[NoticeItem, Notice]):
    model = NoticeItem
    fields = ("obligation", "is_live")
    ordering = ("-pk",)
    joined = ("obligation__customer", "obligation__request")
    show_change_link = False


@admin.register(Notice)
class NoticeAdmin(StepAdmin[Notice]):
    when_empty = _("Announce an outcome, and those who asked are told.")
    fields = (
        "customer",
        "user",
        "channel",
        "contact_point",
        "template",
        "language",
        "status",
        "created_at",
        "not_before",
        "waits_for",
        "attempts",
        "sent_at",
        "failure",
        "judged_as",
    )
    inlines = (ObligationOfNoticeInline,)
    actions = ("retry",)
    actions_detail = ("retry",)
    list_display = (
        "recipient",
        "template",
        badge(Notice, "status", NOTICE),
        "attempts",
        "created_at",
        "sent_at",
        "failure",
    )
    list_filter = (
        ("status", MultipleChoicesDropdownFilter),
        ("judged_as", ChoicesDropdownFilter),
        ("language", ChoicesDropdownFilter),
        ("created_at", RangeDateFilter),
    )
    list_select_related = ("customer", "user")
    ordering = ("-pk",)
    search_fields = ("customer__search_text", "user__search_text", "contact_point__search_text")

    @admin.display(description=_("recipient"))
    def recipient(self, row: Notice) -> str:
        return str(row.customer or row.user)

    @step(
        _("Send again"),
        permission="backlog.retry_notice",
        icon="replay",
        is_offered=lambda row: row.status == Notice.Status.DEAD,
        done=_("The message is tried again."),
    )
    def retry(self, row: Notice, *, by: User, at: datetime) -> None:
        notices.retry_notice(notice_id=row.pk, by=by, at=at)
        transaction.on_commit(tasks.nudge, robust=True)


@admin.register(Reply)
class ReplyAdmin(NounAdmin[Reply]):
    personal = ("customer", "obligation", "obligation__customer__search_text")
    when_empty = _("Customers answer “Did this solve it?” by a link in their notice.")
    fields = ("obligation", "of_request", "verdict", "satisfaction", "feedback", "answered_at")
    readonly_fields = ("of_request",)
    list_display = (
        "customer",
        badge(Reply, "verdict", VERDICT),
        "satisfaction",
        "of_request",
        "feedback",
        "answered_at",
    )
    list_filter = (("verdict", ChoicesDropdownFilter), ("answered_at", RangeDateFilter))
    list_select_related = ("obligation__customer", "obligation__request", "feedback")
    ordering = ("-answered_at", "-pk")
    sortable_by = ("answered_at",)
    search_fields = ("obligation__request__key", "obligation__customer__search_text")

    @admin.display(description=_("customer"))
    def customer(self, row: Reply) -> Customer:
        return row.obligation.customer

    @admin.display(description=_("request"))
    def of_request(self, row: Reply) -> CustomerRequest | None:
        return row.obligation.request
