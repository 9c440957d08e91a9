"""How the figures of a report read: what each is called, and itself in its unit."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from django.template.defaultfilters import floatformat
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from backlog.queries.wait_texts import wait
from backlog.statistics.significance import Verdict
from council.queries.reports import COUNTED, Figure, Name, Unit
from council.rules.periods import MONTH, QUARTER, Period

NAMES: Final[Mapping[Name, StrOrPromise]] = {
    Name.CLOSED: gettext_lazy("Loop closed"),
    Name.MEDIAN_WAIT: gettext_lazy("Time to hear back"),
    Name.NINETIETH_WAIT: gettext_lazy("Nine in ten hear back within"),
    Name.ANSWERED: gettext_lazy("Answered when they were told"),
    Name.SOLVED: gettext_lazy("“Yes, it solved this”"),
    Name.SATISFIED: gettext_lazy("Satisfied with how it was solved"),
    Name.NPS: gettext_lazy("NPS"),
    Name.CSAT: gettext_lazy("CSAT"),
    Name.CES: gettext_lazy("CES"),
    Name.VOICE: gettext_lazy("Share of the voices"),
    Name.DELIVERY: gettext_lazy("Share of what was delivered"),
    Name.WORDS: gettext_lazy("Words that arrived"),
    Name.REQUESTS: gettext_lazy("Requests opened"),
    Name.DECISIONS: gettext_lazy("Decisions taken"),
    Name.OUTCOMES: gettext_lazy("Outcomes delivered"),
    Name.TOLD: gettext_lazy("Customers told"),
}
CHANGES: Final[Mapping[Verdict, StrOrPromise]] = {
    Verdict.BETTER: gettext_lazy("truly better"),
    Verdict.WORSE: gettext_lazy("truly worse"),
    Verdict.NO_REAL_CHANGE: gettext_lazy("no real change"),
    Verdict.TOO_FEW: gettext_lazy("too few to compare"),
}
FAIRNESS: Final[Mapping[Verdict, StrOrPromise]] = {
    Verdict.BETTER: gettext_lazy("more than its voice"),
    Verdict.WORSE: gettext_lazy("less than its voice"),
    Verdict.NO_REAL_CHANGE: gettext_lazy("as its voice"),
    Verdict.TOO_FEW: gettext_lazy("too few to say"),
}
UNKNOWN: Final = "–"


def period(of: Period) -> str:
    if of.months == MONTH:
        return date_format(of.first, "YEAR_MONTH_FORMAT")
    if of.months == QUARTER:
        return _("Q%(quarter)d %(year)d") % {"quarter": of.quarter, "year": of.year}
    return _("%(year)d") % {"year": of.year}


def month(first: date) -> str:
    """Of a year that is known."""
    return date_format(first, "M")


def value(figure: Figure, number: float | None) -> str:
    """A number of the figure's unit; a dash where it is not known."""
    if number is None:
        return UNKNOWN
    if figure.unit == Unit.PERCENT:
        return _("%(n)s %%") % {"n": floatformat(number, 0)}
    if figure.unit == Unit.DAYS:
        return wait(timedelta(days=number))
    if figure.unit == Unit.NUMBER:
        return number_format(min(number, COUNTED), 0) + ("+" if number > COUNTED else "")
    return floatformat(number, 0 if figure.name == Name.NPS else 1)


def bounds(figure: Figure) -> str:
    """Between what it truly lies; empty where nothing is known."""
    if figure.value is None or figure.low is None:
        return ""
    low = value(figure, figure.low)
    if figure.high is None:
        return _("%(low)s or longer") % {"low": low}
    return _("between %(low)s and %(high)s") % {"low": low, "high": value(figure, figure.high)}


def verdict(figure: Figure) -> StrOrPromise:
    if figure.verdict is None:
        return ""
    return (FAIRNESS if figure.name == Name.DELIVERY else CHANGES)[figure.verdict]
