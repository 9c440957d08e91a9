"""How long people wait, and what they answer, in words."""

from datetime import timedelta

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backlog.statistics.hearing_back import Between

register = template.Library()


@register.filter
def wait(time: timedelta | None) -> str:
    """In the largest unit that says enough: `50 days`, `5 hours`, `12 minutes`."""
    if time is None:
        return ""
    minutes = round(time.total_seconds() / 60)
    if minutes < 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        hours = round(minutes / 60)
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    days = round(minutes / (24 * 60))
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


@register.filter
def between(bounds: Between) -> str:
    """Between which times a figure lies; without a later one it may be any time from the first."""
    if bounds.low is None:
        return _("not known yet")
    if bounds.high is None:
        return _("%(low)s or longer") % {"low": wait(bounds.low)}
    return _("between %(low)s and %(high)s") % {"low": wait(bounds.low), "high": wait(bounds.high)}
