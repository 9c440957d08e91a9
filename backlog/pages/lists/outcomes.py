"""The list of outcomes: what became of what was promised, as customers read it."""

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from backlog.filters.filtersets import OutcomeFilter
from backlog.models import Outcome, Sprint, User
from backlog.pages.lists.listing import PRODUCT, Column, Listing, Pick
from backlog.rules import texts


def _loaded(rows: "QuerySet[Outcome]", _user: User) -> "QuerySet[Outcome]":
    return rows.select_related("commitment__request__product", "commitment__sprint", "announcement")


LIST = Listing(
    name="backlog:outcomes",
    title=_("Outcomes"),
    permission="backlog.view_outcome",
    rows=Outcome.objects.visible_to,
    loaded=_loaded,
    filterset=OutcomeFilter,
    orders={"-recorded_at": _("newest first"), "recorded_at": _("oldest first")},
    picks=(
        Pick(
            "announced",
            _("Announcement"),
            choices=(("yes", _("announced")), ("no", _("not announced yet"))),
        ),
        Pick("result", _("Result")),
        PRODUCT,
        Pick("sprint", _("Sprint"), Sprint.objects.visible_to, is_offered=False),
    ),
    template="lists/_outcome.html",
    columns=(
        Column(_("Request"), lambda row: row.commitment.request.key),
        Column(_("Title"), lambda row: row.commitment.request.title),
        Column(_("Result"), lambda row: row.get_result_display()),
        Column(_("What customers read"), lambda row: texts.pick(row.summary, get_language())),
        Column(_("Sprint"), lambda row: row.commitment.sprint),
        Column(_("Recorded at"), lambda row: row.recorded_at.isoformat()),
        Column(
            _("Announced at"),
            lambda row: row.announcement.announced_at and row.announcement.announced_at.isoformat(),
        ),
    ),
    empty=_(
        "An outcome says, in words a customer can read, what became of a commitment. It is recorded"
        " on the page of its sprint."
    ),
)
