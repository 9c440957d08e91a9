"""The list of customers: people who said something."""

from django.db.models import Count, Max, OuterRef, Subquery
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from backlog.filters.filtersets import CustomerFilter
from backlog.models import Account, Customer, Feedback, User
from backlog.models.customers import CustomerQuerySet
from backlog.pages.lists.listing import Act, Column, Listing, Pick


def _loaded(rows: CustomerQuerySet, user: User) -> CustomerQuerySet:
    said = (
        Feedback.objects.visible_to(user)
        .filter(customer=OuterRef("pk"))
        .order_by()
        .values("customer")
    )
    return rows.select_related("account", "merged_into").annotate(
        said=Subquery(said.values(n=Count("pk"))),
        last_said_at=Subquery(said.values(at=Max("said_at"))),
    )


LIST = Listing(
    name="backlog:customers",
    title=_("Customers"),
    permission="backlog.view_customer",
    rows=Customer.objects.visible_to,
    loaded=_loaded,
    filterset=CustomerFilter,
    search=_("Search names"),
    orders={"-created_at": _("newest first"), "name": _("by name")},
    picks=(
        Pick("language", _("Language")),
        Pick("account", _("Account"), Account.objects.visible_to, is_offered=False),
    ),
    act=Act(_("New customer"), reverse_lazy("admin:backlog_customer_add"), "backlog.edit_customer"),
    template="lists/_customer.html",
    columns=(
        Column(_("Name"), lambda row: row),
        Column(_("Account"), lambda row: row.account),
        Column(_("Language"), lambda row: row.get_language_display()),
        Column(_("Pieces of feedback"), lambda row: row.said or 0),
        Column(_("Known since"), lambda row: row.created_at.isoformat()),
    ),
    empty=_("Customers appear here with the first words that they say."),
)
