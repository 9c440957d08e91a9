"""Customers: the people, their organisations, their addresses and what they let us do."""

from datetime import datetime

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
)

from backlog.admin.framework.columns import badge
from backlog.admin.framework.row_actions import RowActionAdmin, row_action
from backlog.models import (
    ContactPoint,
    User,
)
from backlog.operations import (
    contact_points,
)

REACHABLE = {
    "usable": "success",
    "unsubscribed": "warning",
    "bounced": "danger",
    "complained": "danger",
}


@admin.register(ContactPoint)
class ContactPointAdmin(RowActionAdmin[ContactPoint]):
    fields = ("customer", "channel", "address", "state", "state_changed_at", "verified_at")
    actions = ("unsubscribe",)
    actions_detail = ("unsubscribe",)
    list_display = (
        "address",
        "customer",
        badge(ContactPoint, "state", REACHABLE),
        "state_changed_at",
    )
    list_filter = (("state", ChoicesDropdownFilter),)
    list_select_related = ("customer",)
    ordering = ("-pk",)
    search_fields = ("search_text", "customer__search_text")

    @row_action(
        _("Never write here again"),
        permission="backlog.edit_customer",
        icon="unsubscribe",
        is_offered=lambda point: point.state == ContactPoint.State.USABLE,
        done=_("Nothing is sent to this address any more."),
    )
    def unsubscribe(self, point: ContactPoint, *, by: User, at: datetime) -> None:
        contact_points.unsubscribe(contact_point_id=point.pk, by=by, at=at)
