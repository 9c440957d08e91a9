"""Why something is on an agenda, in a sentence for people."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from council.rules.agenda_reasons import Code, Reason


def sentence(reason: Reason) -> str:
    """One sentence in the reader's language."""
    n, since = reason.n, _day(reason.since)
    match reason.code:
        case Code.CARRIED_OVER:
            return carried_over(n) or _("An earlier meeting came to nothing.")
        case Code.DISPUTED:
            text = ngettext(
                "%(n)s customer says that it is not solved.",
                "%(n)s customers say that it is not solved.",
                n,
            )
        case Code.REVIEW_DUE:
            text = _("The decision on it was to be looked at again on %(since)s.")
        case Code.OVERDUE_ACTIONS:
            text = ngettext(
                "%(n)s action is overdue, since %(since)s.",
                "%(n)s actions are overdue, the first since %(since)s.",
                n,
            )
        case Code.CONTESTED:
            text = _("Departments disagree about its scores: %(n)s of 100.")
        case Code.SILENT:
            text = ngettext(
                "%(n)s customer has heard nothing, since %(since)s.",
                "%(n)s customers have heard nothing, the first since %(since)s.",
                n,
            )
        case Code.DRIFT:
            n = abs(n)
            text = (
                _("It is ranked %(n)s points lower than its score.")
                if reason.n > 0
                else _("It is ranked %(n)s points higher than its score.")
            )
        case Code.TOP:
            text = _("Number %(n)s among what waits for a decision on its board.")
        case Code.WAITING:
            text = _("It has been under review since %(since)s.")
    return text % {"n": n, "since": since}


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
