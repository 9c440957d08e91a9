"""What a proposal or a decision says beside its verdict and words: whether it can be kept."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from backlog.errors import Invalid
from backlog.rules import bounds, calendars, text_input
from council.models import Ballot, Decision


def check_reason_code(verdict: str, reason_code: str) -> None:
    if reason_code and verdict != Decision.Verdict.DECLINE:
        raise Invalid(
            _("Only what is declined has a reason why not."), field="reason_code", code="invalid"
        )


def check_evidence_asked(proposed: Decision | Ballot, *, at: datetime) -> None:
    """Of somebody, by a day to come, and only where that is what was decided."""
    who, due_on = proposed.evidence_from, proposed.evidence_due_on
    if who is None and due_on is None:
        return
    if proposed.verdict != Decision.Verdict.ASK_FOR_EVIDENCE:
        raise Invalid(
            _("Only where evidence is asked for, somebody is asked for it."),
            field="evidence_from",
            code="invalid",
        )
    if who is None or due_on is None:
        missing = "evidence_from" if who is None else "evidence_due_on"
        raise Invalid(_("Say from whom, and by when."), field=missing, code="blank")
    if due_on < calendars.day_of(at):
        raise Invalid(_("That day has passed."), field="evidence_due_on", code="in_the_past")


def check_options(given: Sequence[str]) -> list[str]:
    """As they can be kept: so many, of so many characters each."""
    options = [text_input.storable(option, field="options") for option in given]
    if len(options) > bounds.OPTIONS or any(len(option) > bounds.OPTION for option in options):
        facts = {"most": bounds.OPTIONS, "length": bounds.OPTION}
        raise Invalid(
            _("At most %(most)d options, of %(length)d characters each.") % facts,
            field="options",
            code="too_large",
        )
    return options
