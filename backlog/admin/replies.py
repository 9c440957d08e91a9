"""Answers: whether customers say that it is solved, in their words."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
)

from backlog.admin.framework.columns import badge
from backlog.admin.framework.day_filters import DaysFilter
from backlog.admin.framework.nouns import NounAdmin
from backlog.models import (
    Customer,
    CustomerRequest,
    Reply,
)

VERDICT = {"yes": "success", "partly": "warning", "no": "danger"}


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
    list_filter = (("verdict", ChoicesDropdownFilter), ("answered_at", DaysFilter))
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
