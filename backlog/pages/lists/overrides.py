"""The list of overrides: what was moved against its score, why, and what became of it."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from backlog.filters.filtersets import OverrideFilter
from backlog.models import CustomerRequest, Event, User
from backlog.pages.lists.listing import PRODUCT, Column, Listing, Pick
from backlog.queries import overrides


def _loaded(rows: "QuerySet[Event]", _user: User) -> "QuerySet[Event]":
    return overrides.with_what_became(rows).select_related("request__product", "actor")


def _actors(user: User) -> "QuerySet[User]":
    made = overrides.visible_to(user).filter(actor=OuterRef("pk"))
    return User.objects.filter(Exists(made)).order_by("name", "pk")


LIST = Listing(
    name="backlog:overrides",
    title=_("Overrides"),
    permission="backlog.view_event",
    rows=overrides.visible_to,
    loaded=_loaded,
    filterset=OverrideFilter,
    orders={"-at": _("newest first"), "at": _("oldest first")},
    picks=(
        PRODUCT,
        Pick("actor", _("By"), _actors),
        Pick("request", _("Request"), CustomerRequest.objects.visible_to, "key", is_offered=False),
    ),
    template="lists/_override.html",
    columns=(
        Column(_("Request"), lambda row: row.request.key),
        Column(_("Title"), lambda row: row.request.title),
        Column(_("By"), lambda row: row.actor),
        Column(_("At"), lambda row: row.at.isoformat()),
        Column(_("Why"), lambda row: row.reason),
        Column(_("Drift then"), overrides.distance),
        Column(_("Drift now"), lambda row: row.drift_now),
        Column(_("Moved again since"), lambda row: _("yes") if row.moved_since else _("no")),
        Column(_("Status now"), lambda row: row.request.get_status_display()),
        Column(_("Result"), overrides.result_text),
    ),
    empty=_(
        "Whoever moves a request on the board far from its score says why. What they said, and what"
        " became of it, stands here."
    ),
)
