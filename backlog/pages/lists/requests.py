"""The list of requests, of every product that one may see."""

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from backlog.filters.requests import RequestFilter
from backlog.models import Customer, CustomerRequest, User
from backlog.models.requests import CustomerRequestQuerySet
from backlog.pages.lists.listing import PRODUCT, Act, Column, Listing, Part, Pick


def _loaded(rows: CustomerRequestQuerySet, _user: User) -> CustomerRequestQuerySet:
    return rows.with_askers().select_related("product", "owner").defer("search_text", "problem")


def _owners(user: User) -> "QuerySet[User]":
    owned = CustomerRequest.objects.visible_to(user).filter(owner=OuterRef("pk"))
    return User.objects.filter(Exists(owned)).order_by("name", "pk")


LIST = Listing(
    name="backlog:requests",
    title=_("Requests"),
    permission="backlog.view_customerrequest",
    rows=CustomerRequest.objects.visible_to,
    loaded=_loaded,
    filterset=RequestFilter,
    search=_("Search titles and problems"),
    orders={
        "-opened_at": _("newest first"),
        "opened_at": _("oldest first"),
        "-priority": _("highest priority first"),
        "priority": _("lowest priority first"),
    },
    picks=(
        Pick("status", _("Status")),
        PRODUCT,
        Pick("owner", _("Owner"), _owners),
        Pick(
            "on_board",
            _("Board"),
            choices=(("yes", _("on the board")), ("no", _("not on the board"))),
        ),
        Pick("customer", _("Asked by"), Customer.objects.visible_to, is_offered=False),
    ),
    parts=(Part("owner", _("Mine")),),
    act=Act(
        _("New request"), reverse_lazy("admin:backlog_customerrequest_add"), "backlog.open_request"
    ),
    template="lists/_request.html",
    columns=(
        Column(_("Key"), lambda row: row.key),
        Column(_("Title"), lambda row: row.title),
        Column(_("Product"), lambda row: row.product),
        Column(_("Status"), lambda row: row.get_status_display()),
        Column(_("Priority"), lambda row: row.priority),
        Column(_("Customers"), lambda row: row.customers or 0),
        Column(_("Accounts"), lambda row: row.accounts or 0),
        Column(_("Owner"), lambda row: row.owner),
        Column(_("Opened"), lambda row: row.opened_at.isoformat()),
    ),
    empty=_(
        "A request is a problem that customers want solved. It begins with their words: choose some"
        " feedback, and open a request from it."
    ),
    empty_act=Act(
        _("Go to the feedback"), reverse_lazy("backlog:feedback"), "backlog.view_feedback"
    ),
)
