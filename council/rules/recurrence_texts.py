"""What a rule says, as a person would: “every month on the last Friday at 10:00”."""

from datetime import date, time
from typing import Final

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_stubs_ext import StrOrPromise

from council.rules.recurrence import DAYS, Rule

_NTH: Final = {
    1: gettext_lazy("the first %(day)s"),
    2: gettext_lazy("the second %(day)s"),
    3: gettext_lazy("the third %(day)s"),
    4: gettext_lazy("the fourth %(day)s"),
    5: gettext_lazy("the fifth %(day)s"),
    -1: gettext_lazy("the last %(day)s"),
    -2: gettext_lazy("the last but one %(day)s"),
}
_WORKING_DAYS: Final = tuple((0, day) for day in DAYS[:5])


def sentence(rule: Rule, start: date, clock: time) -> str:
    """In the language that is active; a rule that has no such words is shown as it is written."""
    words = _when(rule, start)
    if words is None:
        words = _("By the rule %(rule)s") % {"rule": rule}
    words = _("%(when)s at %(time)s") % {"when": words, "time": clock.strftime("%H:%M")}
    last = rule.last_moment()
    if rule.count is not None:
        times = ngettext("%(n)d time", "%(n)d times", rule.count) % {"n": rule.count}
        return _("%(sentence)s, %(times)s") % {"sentence": words, "times": times}
    if last is not None:
        day = date_format(last.date(), "SHORT_DATE_FORMAT")
        return _("%(sentence)s, until %(day)s") % {"sentence": words, "day": day}
    return words


def _when(rule: Rule, start: date) -> str | None:
    match rule.freq:
        case "DAILY" if not rule.numbers and not rule.days:
            return _daily(rule.interval)
        case "WEEKLY" if not rule.numbers:
            return _weekly(rule, start)
        case "MONTHLY" if not rule.of("BYMONTH"):
            which = _which(rule, start)
            return _monthly(rule.interval, which) if which else None
        case "YEARLY" if not rule.numbers and not rule.days and rule.interval == 1:
            return _("Every year on %(day)s") % {"day": date_format(start, "MONTH_DAY_FORMAT")}
        case "YEARLY" if rule.interval == 1 and len(rule.of("BYMONTH")) == 1:
            return _yearly(MONTHS[rule.of("BYMONTH")[0]], _which(rule, start))
    return None


def _daily(interval: int) -> str:
    return _("Every day") if interval == 1 else _("Every %(n)d days") % {"n": interval}


def _weekly(rule: Rule, start: date) -> str | None:
    days = rule.days or ((0, DAYS[start.weekday()]),)
    if any(n for n, _day in days):
        return None
    if set(days) == set(_WORKING_DAYS) and rule.interval == 1:
        return _("Every working day")
    named = ", ".join(_day_name(day) for _n, day in sorted(days, key=lambda it: DAYS.index(it[1])))
    if rule.interval == 1:
        return _("Every week on %(days)s") % {"days": named}
    if rule.interval == 2:
        return _("Every other week on %(days)s") % {"days": named}
    return _("Every %(n)d weeks on %(days)s") % {"n": rule.interval, "days": named}


def _monthly(interval: int, which: str) -> str:
    if interval == 1:
        return _("Every month on %(which)s") % {"which": which}
    return _("Every %(n)d months on %(which)s") % {"n": interval, "which": which}


def _yearly(month: StrOrPromise, which: str | None) -> str | None:
    if which is None:
        return None
    return _("Every year in %(month)s on %(which)s") % {"month": month, "which": which}


def _which(rule: Rule, start: date) -> str | None:
    """Which day of the month that is."""
    places, numbers = rule.of("BYSETPOS"), rule.of("BYMONTHDAY")
    if not rule.days and not places:
        return ", ".join(_number(n) for n in numbers or (start.day,))
    if numbers:
        return None
    if not places:
        if any(n not in _NTH for n, _day in rule.days):
            return None
        return ", ".join(str(_NTH[n]) % {"day": _day_name(day)} for n, day in rule.days)
    if len(places) == 1 and places[0] in _NTH and set(rule.days) == set(_WORKING_DAYS):
        return str(_NTH[places[0]]) % {"day": _("working day")}
    return None


def _number(day: int) -> str:
    if day == -1:
        return _("the last day")
    if day < 0:
        return _("day %(n)d before the end") % {"n": -day}
    return _("day %(n)d") % {"n": day}


def _day_name(day: str) -> str:
    return str(WEEKDAYS[DAYS.index(day)])
