"""The list of action items: who owes what by when."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from backlog.models import User
from backlog.pages.lists.listing import Act, Column, Listing, Part, Pick
from council.filters.filtersets import ActionItemFilter
from council.models import ActionItem
from council.pages.lists.meetings import COUNCIL
from council.queries import action_items as queries


def _loaded(rows: "QuerySet[ActionItem]", _user: User) -> "QuerySet[ActionItem]":
    return rows.select_related(
        *("owner", "request", "council"), "evidence_request", "evidence_outcome"
    )


def _theirs(request: HttpRequest) -> dict[str, Any]:
    assert isinstance(request.user, User)
    return {"theirs": queries.councils_of(request.user)}


def _owners(user: User) -> "QuerySet[User]":
    owed = ActionItem.objects.visible_to(user).filter(owner=OuterRef("pk"))
    return User.objects.filter(Exists(owed)).order_by("name", "pk")


def _anybody(_user: User) -> "QuerySet[User]":
    return User.objects.order_by("name", "pk")


NEW = Act(
    _("New action item"), reverse_lazy("admin:council_actionitem_add"), "council.assign_action"
)

LIST = Listing(
    name="council:action-items",
    title=_("Action items"),
    permission="council.view_actionitem",
    rows=ActionItem.objects.visible_to,
    loaded=_loaded,
    filterset=ActionItemFilter,
    orders={"due_on": _("due first"), "-due_on": _("due last")},
    picks=(
        Pick("status", _("Status")),
        Pick("owner", _("Owner"), _owners),
        COUNCIL,
        Pick("on_desk_of", _("On the desk of"), _anybody, is_offered=False),
        Pick("to_accept_by", _("To accept by"), _anybody, is_offered=False),
    ),
    parts=(Part("on_desk_of", _("Mine")), Part("to_accept_by", _("To accept"))),
    keys="lists/_action_item_keys.html",
    script="backlog/actions.js",
    context=_theirs,
    act=NEW,
    template="lists/_action_item.html",
    columns=(
        Column(_("Title"), lambda row: row.title),
        Column(_("Owner"), lambda row: row.owner),
        Column(_("Due on"), lambda row: row.due_on),
        Column(_("Status"), lambda row: row.get_status_display()),
        Column(_("Request"), lambda row: row.request and row.request.key),
        Column(_("Council"), lambda row: row.council),
        Column(_("Success measure"), lambda row: row.success_measure),
        Column(_("Evidence"), lambda row: row.evidence),
        Column(_("Link that shows it"), lambda row: row.evidence_link),
    ),
    empty=_("An action item says who owes what by when. It is closed only with evidence."),
    empty_act=NEW,
)
