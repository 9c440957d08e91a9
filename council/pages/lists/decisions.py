"""The list of decisions: what was decided, by whom, and why."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backlog.models import User
from backlog.pages.lists.listing import Column, Listing, Pick
from council.filters.filtersets import DecisionFilter
from council.models import Decision
from council.pages.lists.meetings import COUNCIL


def _loaded(rows: "QuerySet[Decision]", _user: User) -> "QuerySet[Decision]":
    rows = rows.select_related("request__product", "council", "decided_by", "agenda_item__meeting")
    return rows.defer("frozen", "options", "search_text").prefetch_related("predictions")


def _figures(row: Decision) -> str:
    return "; ".join(
        f"{each} ({each.due_on.isoformat()}, {each.probability} %)"
        for each in sorted(row.predictions.all(), key=lambda it: it.pk)
    )


LIST = Listing(
    name="council:decisions",
    title=_("Decisions"),
    permission="council.view_decision",
    rows=Decision.objects.visible_to,
    loaded=_loaded,
    search=_("Search reasons"),
    filterset=DecisionFilter,
    orders={"-decided_at": _("newest first"), "decided_at": _("oldest first")},
    picks=(Pick("verdict", _("Verdict")), Pick("status", _("Status")), COUNCIL),
    template="lists/_decision.html",
    columns=(
        Column(_("Request"), lambda row: row.request.key),
        Column(_("Title"), lambda row: row.request.title),
        Column(_("Verdict"), lambda row: row.get_verdict_display()),
        Column(_("Why not"), lambda row: row.get_reason_code_display()),
        Column(_("Conditions"), lambda row: row.conditions),
        Column(_("Rationale"), lambda row: row.rationale),
        Column(_("Dissent"), lambda row: row.dissent),
        Column(_("Expected effect"), lambda row: row.expected_effect),
        Column(_("Expected as figures"), _figures),
        Column(_("Decided by"), lambda row: row.decided_by),
        Column(_("Council"), lambda row: row.council),
        Column(_("Meeting"), lambda row: row.agenda_item and row.agenda_item.meeting),
        Column(_("Decided at"), lambda row: row.decided_at.isoformat()),
        Column(_("Review on"), lambda row: row.review_on),
        Column(_("Status"), lambda row: row.get_status_display()),
    ),
    empty=_("Decisions are recorded in a meeting, with their reasons and what was known then."),
)
