"""Customers: the people, their organisations, their addresses and what they let us do."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
)

from backlog.admin.framework.columns import badge, list_link
from backlog.admin.framework.row_actions import RowActionAdmin
from backlog.models import (
    Account,
    Customer,
    User,
)
from backlog.operations import (
    accounts,
)

CHURN = {"low": "success", "medium": "warning", "high": "danger"}


@admin.register(Account)
class AccountAdmin(RowActionAdmin[Account]):
    to_add = "backlog.edit_customer"
    to_edit = "backlog.edit_customer"

    fields = (
        "name",
        "kind",
        "segment",
        ("annual_revenue", "currency"),
        "churn_risk",
        "people",
    )
    readonly_fields = ("people",)
    list_display = (
        "name",
        badge(Account, "kind", {"partner": "info", "supplier": "warning"}),
        "segment",
        "revenue",
        badge(Account, "churn_risk", CHURN),
    )
    list_filter = (("kind", ChoicesDropdownFilter), ("churn_risk", ChoicesDropdownFilter))
    list_select_related = False
    ordering = ("name", "pk")
    sortable_by = ("name", "segment")
    search_fields = ("search_text",)

    @admin.display(description=_("annual revenue"))
    def revenue(self, account: Account) -> str:
        if account.annual_revenue is None:
            return ""
        amount = number_format(account.annual_revenue, decimal_pos=0, force_grouping=True)
        return f"{amount} {account.currency}"

    @admin.display(description=_("customers"))
    def people(self, account: Account) -> SafeString | str:
        if not account.pk:
            return ""
        return list_link(Customer, _("Show its customers"), account__id__exact=account.pk)

    def add_row(self, *, by: User, at: datetime, **data: Any) -> Account:
        return accounts.add_account(by=by, at=at, **data)

    def edit_row(self, row: Account, *, by: User, at: datetime, **changes: Any) -> None:
        accounts.edit_account(account_id=row.pk, by=by, at=at, **changes)
