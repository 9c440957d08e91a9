"""The list of councils: the standing bodies."""

from django.db.models import Prefetch, QuerySet
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from backlog.models import Product, User
from backlog.pages.lists.listing import Act, Column, Listing
from council.filters.filtersets import CouncilFilter
from council.models import Council


def _loaded(rows: "QuerySet[Council]", user: User) -> "QuerySet[Council]":
    seen = Prefetch("products", Product.objects.visible_to(user).order_by("name", "pk"))
    return rows.select_related("chair", "secretary").prefetch_related(seen)


NEW = Act(_("New council"), reverse_lazy("admin:council_council_add"), "council.manage_councils")

LIST = Listing(
    name="council:councils",
    title=_("Councils"),
    permission="council.view_council",
    rows=Council.objects.visible_to,
    loaded=_loaded,
    filterset=CouncilFilter,
    orders={"name": _("by name"), "-name": _("by name, from the end")},
    act=NEW,
    template="lists/_council.html",
    columns=(
        Column(_("Name"), lambda row: row.name),
        Column(_("Products"), lambda row: ", ".join(map(str, row.products.all()))),
        Column(_("Chair"), lambda row: row.chair),
        Column(_("Secretary"), lambda row: row.secretary),
    ),
    empty=_("A council decides over the backlogs of some products, a department a voice."),
    empty_act=NEW,
)
