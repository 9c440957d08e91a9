"""Notices: the messages that tell customers, and what became of each."""

from datetime import datetime

from django.contrib import admin
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    MultipleChoicesDropdownFilter,
)

from backlog import tasks
from backlog.admin.framework.columns import badge
from backlog.admin.framework.day_filters import DaysFilter
from backlog.admin.framework.nouns import ReadOnlyInline
from backlog.admin.framework.row_actions import RowActionAdmin, row_action
from backlog.models import (
    Notice,
    NoticeItem,
    User,
)
from backlog.operations import notices

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


class ObligationOfNoticeInline(ReadOnlyInline[NoticeItem, Notice]):
    model = NoticeItem
    fields = ("obligation", "is_live")
    ordering = ("-pk",)
    joined = ("obligation__customer", "obligation__request")
    show_change_link = False


@admin.register(Notice)
class NoticeAdmin(RowActionAdmin[Notice]):
    when_empty = _("Announce an outcome, and those who asked are told.")
    fields = (
        "customer",
        "user",
        "channel",
        "contact_point",
        "nature",
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
        ("created_at", DaysFilter),
    )
    list_select_related = ("customer", "user")
    ordering = ("-pk",)
    search_fields = ("customer__search_text", "user__search_text", "contact_point__search_text")

    @admin.display(description=_("recipient"))
    def recipient(self, row: Notice) -> str:
        return str(row.customer or row.user)

    @row_action(
        _("Send again"),
        permission="backlog.retry_notice",
        icon="replay",
        is_offered=lambda row: row.status == Notice.Status.DEAD,
        done=_("The message is tried again."),
    )
    def retry(self, row: Notice, *, by: User, at: datetime) -> None:
        notices.retry_notice(notice_id=row.pk, by=by, at=at)
        transaction.on_commit(tasks.nudge, robust=True)
