"""The list of meetings."""

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from backlog.models import User
from backlog.pages.lists.listing import Act, Column, Listing, Part, Pick
from council.filters.filtersets import MeetingFilter
from council.models import AgendaItem, Council, Meeting


def _loaded(rows: "QuerySet[Meeting]", _user: User) -> "QuerySet[Meeting]":
    taken_up = AgendaItem.objects.filter(meeting=OuterRef("pk"))
    live = taken_up.exclude(status__in=["withdrawn", "declined"]).order_by().values("meeting")
    return rows.select_related("council").annotate(items=Subquery(live.values(n=Count("pk"))))


NEW = Act(_("New meeting"), reverse_lazy("admin:council_meeting_add"), "council.schedule_meeting")
COUNCIL = Pick(
    "council", _("Council"), lambda user: Council.objects.visible_to(user).order_by("name", "pk")
)

LIST = Listing(
    name="council:meetings",
    title=_("Meetings"),
    permission="council.view_meeting",
    rows=Meeting.objects.visible_to,
    loaded=_loaded,
    search=_("Search titles and places"),
    filterset=MeetingFilter,
    orders={"-starts_at": _("latest first"), "starts_at": _("earliest first")},
    picks=(Pick("when", _("When")), Pick("status", _("Status")), COUNCIL),
    parts=(
        Part("when", _("Coming up"), value="coming", ordering="starts_at"),
        Part("when", _("Past"), value="past"),
    ),
    act=NEW,
    template="lists/_meeting.html",
    columns=(
        Column(_("Title"), lambda row: row.title),
        Column(_("Council"), lambda row: row.council),
        Column(_("Starts at"), lambda row: row.starts_at.isoformat()),
        Column(_("Minutes"), lambda row: row.minutes),
        Column(_("Place"), lambda row: row.place),
        Column(_("Status"), lambda row: row.get_status_display()),
        Column(_("Agenda items"), lambda row: row.items or 0),
    ),
    empty=_("A meeting of the council decides what customers have asked for."),
    empty_act=NEW,
)
