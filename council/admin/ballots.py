"""Ballots, to look at: they are opened, answered and closed in the room of their meeting."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from backlog.admin.framework.columns import badge, readable
from backlog.admin.framework.nouns import NounAdmin, ReadOnlyInline
from backlog.admin.framework.row_filters import RowFilter
from council.admin.decisions import VERDICT
from council.models import Ballot, Stance
from council.queries import ballots

RESULT = {"carried": "success", "not_carried": "danger", "advised": "info", "inquorate": "warning"}


class StanceInline(ReadOnlyInline[Stance, Ballot]):
    """Of a blind ballot that is open, one's own alone."""

    model = Stance
    fields = ("seat", "user", "capacity", "answer", "reason", "taken_at")
    ordering = ("pk",)
    joined = ("seat__department", "user")


@admin.register(Ballot)
class BallotAdmin(NounAdmin[Ballot]):
    when_empty = _("Proposals are put to the vote in a meeting, or by a deadline.")
    fields = (
        ("agenda_item", "at_once"),
        ("verdict", "review_on"),
        "proposal",
        ("options_in_words", "reason_code"),
        "conditions",
        ("evidence_from", "evidence_due_on"),
        "expected_effect",
        "predictions_in_words",
        ("status", "result"),
        ("opened_by", "opened_at"),
        ("closes_at", "ended_at"),
        ("is_blind", "amends"),
        "rule_in_words",
        "electorate_in_words",
    )
    readonly_fields = (
        "at_once",
        "options_in_words",
        "predictions_in_words",
        "rule_in_words",
        "electorate_in_words",
    )
    options_in_words = readable(Ballot, "options")
    predictions_in_words = readable(Ballot, "predictions")
    rule_in_words = readable(Ballot, "rule")
    electorate_in_words = readable(Ballot, "electorate")
    inlines = (StanceInline,)

    @admin.display(description=_("decides at once on"))
    def at_once(self, ballot: Ballot) -> str:
        return ", ".join(map(str, ballots.further_items_of(ballot)))

    list_display = (
        "agenda_item",
        badge(Ballot, "verdict", VERDICT),
        "status",
        badge(Ballot, "result", RESULT),
        "opened_at",
        "closes_at",
    )
    list_filter = (
        ("agenda_item", RowFilter),
        ("status", ChoicesDropdownFilter),
        ("result", ChoicesDropdownFilter),
    )
    list_select_related = ("agenda_item__request",)
    ordering = ("-pk",)
    search_fields = ("agenda_item__request__key", "agenda_item__request__search_text")
