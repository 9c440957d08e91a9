"""The small pieces that every page is made of. `/styleguide/` shows all of them."""

from datetime import date, datetime
from math import inf
from typing import Any, Final, NamedTuple

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy
from django_stubs_ext import StrOrPromise

from backlog.rules import calendars

register = template.Library()

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR


class Unit(NamedTuple):
    """In which a distance is told as long as it is `below` a number."""

    below: float
    size: float
    ago: Any
    ahead: Any


_TIMES: Final = (
    Unit(
        _HOUR,
        _MINUTE,
        ngettext_lazy("%(n)d minute ago", "%(n)d minutes ago", "n"),
        ngettext_lazy("in %(n)d minute", "in %(n)d minutes", "n"),
    ),
    Unit(
        _DAY,
        _HOUR,
        ngettext_lazy("%(n)d hour ago", "%(n)d hours ago", "n"),
        ngettext_lazy("in %(n)d hour", "in %(n)d hours", "n"),
    ),
)
_DAYS: Final = (
    Unit(
        60,
        1,
        ngettext_lazy("%(n)d day ago", "%(n)d days ago", "n"),
        ngettext_lazy("in %(n)d day", "in %(n)d days", "n"),
    ),
    Unit(
        730,
        30.44,
        ngettext_lazy("%(n)d month ago", "%(n)d months ago", "n"),
        ngettext_lazy("in %(n)d month", "in %(n)d months", "n"),
    ),
    Unit(
        inf,
        365.25,
        ngettext_lazy("%(n)d year ago", "%(n)d years ago", "n"),
        ngettext_lazy("in %(n)d year", "in %(n)d years", "n"),
    ),
)


@register.simple_tag
def pill(state: str, words: StrOrPromise) -> SafeString:
    """A state: its code gives the colour, its words are what people read."""
    return format_html('<span class="hb-pill hb-pill-{}">{}</span>', state, words)


@register.simple_tag
def person(user: Any) -> SafeString:
    """A colleague by name, with the first letter for the eye."""
    if user is None:
        return format_html('<span class="hb-sub">{}</span>', _("nobody"))
    return format_html(
        '<span class="hb-person"><span class="hb-avatar" aria-hidden="true">{}</span>{}</span>',
        str(user)[:1],
        user,
    )


@register.simple_tag
def moment(at: date | datetime | None) -> SafeString | str:
    """How far away it is, and when: “3 days ago · 28 November”. A day has no time of the clock."""
    if at is None:
        return ""
    if isinstance(at, datetime):
        local = timezone.localtime(at)
        near, exact = relative(at), date_format(local, "DATETIME_FORMAT")
        short, machine = date_format(local, "SHORT_DATE_FORMAT"), local.isoformat()
    else:
        near, exact = relative_day(at), date_format(at, "DATE_FORMAT")
        short, machine = date_format(at, "SHORT_DATE_FORMAT"), at.isoformat()
    return format_html(
        '<time class="hb-moment" datetime="{}" title="{}">{} <small>{}</small></time>',
        machine,
        exact,
        near,
        short,
    )


@register.filter
def relative(at: datetime) -> str:
    """“12 minutes ago”, “in 3 hours”; by days of the calendar from one day on."""
    seconds = (at - timezone.now()).total_seconds()
    if abs(seconds) < _MINUTE:
        return _("just now")
    if abs(seconds) < _DAY:
        return _in_units(seconds, _TIMES)
    return relative_day(timezone.localtime(at).date())


@register.filter
def relative_day(day: date) -> str:
    """“yesterday”, “in 12 days”, “5 months ago”, as counted on everybody's calendar."""
    days = (day - calendars.day_of(timezone.now())).days
    near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
    return near.get(days) or _in_units(days, _DAYS)


def _in_units(distance: float, units: tuple[Unit, ...]) -> str:
    unit = next(it for it in units if abs(distance) < it.below)
    n = round(abs(distance) / unit.size)
    words = unit.ago if distance < 0 else unit.ahead
    return str(words % {"n": n})


@register.inclusion_tag("components/quote.html")
def quote(words: str, language: str = "", by: StrOrPromise = "", at: date | None = None) -> Any:
    """What somebody said, in their language, with who it was and when."""
    return {"words": words, "language": language, "by": by, "at": at}


@register.inclusion_tag("components/empty.html")
def empty(
    title: StrOrPromise, text: StrOrPromise = "", link: str = "", act: StrOrPromise = ""
) -> Any:
    """Nothing here: what the place is for, and the one thing to do about it."""
    return {"title": title, "text": text, "link": link, "act": act}


@register.inclusion_tag("components/error.html")
def error(words: StrOrPromise, way_out: StrOrPromise = "") -> Any:
    """What did not work, and what to do now."""
    return {"words": words, "way_out": way_out}
