"""Why something is on an agenda, in a sentence for people."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from council.rules.agenda_reasons import Code, Reason

_TEXTS: Final[Mapping[Code, Any]] = {
    Code.DISPUTED: ngettext_lazy(
        "%(n)s customer says that it is not solved.",
        "%(n)s customers say that it is not solved.",
        "n",
    ),
    Code.EVIDENCE: gettext_lazy("The evidence that was asked for on %(since)s has come."),
    Code.REVIEW_DUE: gettext_lazy("The decision on it was to be looked at again on %(since)s."),
    Code.OVERDUE_ACTIONS: ngettext_lazy(
        "%(n)s action is overdue, since %(since)s.",
        "%(n)s actions are overdue, the first since %(since)s.",
        "n",
    ),
    Code.CONTESTED: gettext_lazy("Departments disagree about its scores: %(n)s of 100."),
    Code.SILENT: ngettext_lazy(
        "%(n)s customer has heard nothing, since %(since)s.",
        "%(n)s customers have heard nothing, the first since %(since)s.",
        "n",
    ),
    Code.TOP: gettext_lazy("Number %(n)s among what waits for a decision on its board."),
    Code.WAITING: gettext_lazy("It has been under review since %(since)s."),
}
_RANKED_LOW: Final = gettext_lazy("It is ranked %(n)s points lower than its score.")
_RANKED_HIGH: Final = gettext_lazy("It is ranked %(n)s points higher than its score.")


def sentence(reason: Reason) -> str:
    """One sentence in the reader's language."""
    if reason.code == Code.CARRIED_OVER:
        return carried_over(reason.n) or _("The meeting that was to take it up came to nothing.")
    figures = {"n": abs(reason.n), "since": _day(reason.since)}
    if reason.code == Code.DRIFT:
        return str((_RANKED_LOW if reason.n > 0 else _RANKED_HIGH) % figures)
    return str(_TEXTS[reason.code] % figures)


def carried_over(times: int) -> str:
    """How often meetings did not reach it; nothing where none did."""
    match times:
        case 0:
            return ""
        case 1:
            return _("Carried over once.")
        case 2:
            return _("Carried over twice.")
        case _more:
            return _("Carried over %(n)s times.") % {"n": times}


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "DATE_FORMAT") if text else ""
