"""The list of accounts: the organisations that customers belong to."""

from django.db.models import Count, OuterRef, Subquery
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from backlog.filters.filtersets import AccountFilter
from backlog.models import Account, Customer, User
from backlog.models.accounts import AccountQuerySet
from backlog.pages.lists.listing import Act, Column, Listing, Pick


def _loaded(rows: AccountQuerySet, _user: User) -> AccountQuerySet:
    people = Customer.objects.filter(account=OuterRef("pk")).order_by().values("account")
    return rows.annotate(people=Subquery(people.values(n=Count("pk"))))


LIST = Listing(
    name="backlog:accounts",
    title=_("Accounts"),
    permission="backlog.view_account",
    rows=Account.objects.visible_to,
    loaded=_loaded,
    filterset=AccountFilter,
    search=_("Search names and segments"),
    orders={"name": _("by name"), "-name": _("by name, from the end")},
    picks=(
        Pick("kind", _("Kind")),
        Pick("churn_risk", _("Churn risk")),
        Pick("segment", _("Segment"), is_offered=False),
    ),
    act=Act(_("New account"), reverse_lazy("admin:backlog_account_add"), "backlog.edit_customer"),
    template="lists/_account.html",
    columns=(
        Column(_("Name"), lambda row: row.name),
        Column(_("Kind"), lambda row: row.get_kind_display()),
        Column(_("Segment"), lambda row: row.segment),
        Column(_("Annual revenue"), lambda row: row.annual_revenue),
        Column(_("Currency"), lambda row: row.currency),
        Column(_("Churn risk"), lambda row: row.get_churn_risk_display()),
        Column(_("Customers"), lambda row: row.people or 0),
    ),
    empty=_("Accounts are the organisations that your customers belong to."),
)
