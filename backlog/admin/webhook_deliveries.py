"""Webhook deliveries: each event on its way to an endpoint."""

from datetime import datetime

from django.contrib import admin
from django.db import transaction
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    MultipleChoicesDropdownFilter,
)

from backlog import tasks
from backlog.admin.framework.columns import badge
from backlog.admin.framework.row_actions import RowActionAdmin, row_action
from backlog.admin.framework.row_filters import RowFilter
from backlog.models import Endpoint, User, WebhookDelivery
from backlog.operations import webhook_deliveries
from backlog.queries import endpoints as endpoint_queries

DELIVERY = {"waiting": "info", "delivered": "success", "given_up": "danger"}
MANAGE = "backlog.manage_endpoints"


def shown(row: Endpoint) -> SafeString:
    words = _("The receiver checks our signature with this secret: {secret}")
    secret = format_html("<code>{}</code>", endpoint_queries.secret_of(row))
    return format_html(str(words), secret=secret)


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(RowActionAdmin[WebhookDelivery]):
    when_empty = _("What endpoints are told of appears here.")
    fields = (
        "endpoint",
        "event",
        "status",
        "owed_at",
        "not_before",
        "attempts",
        "delivered_at",
        "failure",
    )
    actions = ("retry",)
    actions_detail = ("retry",)
    list_display = (
        "event",
        "endpoint",
        badge(WebhookDelivery, "status", DELIVERY),
        "attempts",
        "owed_at",
        "delivered_at",
        "failure",
    )
    list_filter = (("status", MultipleChoicesDropdownFilter), ("endpoint", RowFilter))
    list_select_related = ("endpoint", "event")
    ordering = ("-pk",)
    search_fields = ("endpoint__search_text", "event__kind")

    @row_action(
        _("Tell again"),
        permission=MANAGE,
        icon="replay",
        is_offered=lambda row: (
            row.status != WebhookDelivery.Status.WAITING and row.endpoint.is_active
        ),
        done=_("The message is tried again."),
    )
    def retry(self, row: WebhookDelivery, *, by: User, at: datetime) -> None:
        webhook_deliveries.retry_delivery(delivery_id=row.pk, by=by, at=at)
        transaction.on_commit(tasks.nudge_endpoints, robust=True)
