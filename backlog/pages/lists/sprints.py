"""The list of sprints, of every product that one may see."""

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from backlog.filters.filtersets import SprintFilter
from backlog.models import Commitment, Sprint, User
from backlog.pages.lists.listing import PRODUCT, Act, Column, Listing, Pick


def _loaded(rows: "QuerySet[Sprint]", _user: User) -> "QuerySet[Sprint]":
    live = Commitment.objects.filter(sprint=OuterRef("pk"), withdrawn_at__isnull=True)
    count = live.order_by().values("sprint").values(n=Count("pk"))
    return rows.select_related("product").annotate(promised=Subquery(count))


LIST = Listing(
    name="backlog:all-sprints",
    title=_("All sprints"),
    permission="backlog.view_sprint",
    rows=Sprint.objects.visible_to,
    loaded=_loaded,
    filterset=SprintFilter,
    orders={"-starts_on": _("newest first"), "starts_on": _("oldest first")},
    picks=(Pick("status", _("Status")), PRODUCT),
    act=Act(_("New sprint"), reverse_lazy("admin:backlog_sprint_add"), "backlog.plan_sprint"),
    template="lists/_sprint.html",
    columns=(
        Column(_("Name"), lambda row: row.name),
        Column(_("Product"), lambda row: row.product),
        Column(_("Status"), lambda row: row.get_status_display()),
        Column(_("From"), lambda row: row.starts_on),
        Column(_("Until"), lambda row: row.ends_on),
        Column(_("Commitments"), lambda row: row.promised or 0),
        Column(_("Goal"), lambda row: row.goal),
    ),
    empty=_("A sprint is a time box in which one product keeps its promises."),
    empty_act=Act(_("New sprint"), reverse_lazy("admin:backlog_sprint_add"), "backlog.plan_sprint"),
)
