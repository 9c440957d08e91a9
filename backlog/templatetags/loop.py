"""How long people wait, and what they answer, in words."""

from django import template
from django.utils.translation import gettext as _

from backlog.queries.wait_texts import wait
from backlog.statistics.hearing_back import Between

register = template.Library()
register.filter(wait)


@register.filter
def between(bounds: Between) -> str:
    """Between which times a figure lies; without a later one it may be any time from the first."""
    if bounds.low is None:
        return _("not known yet")
    if bounds.high is None:
        return _("%(low)s or longer") % {"low": wait(bounds.low)}
    return _("between %(low)s and %(high)s") % {"low": wait(bounds.low), "high": wait(bounds.high)}
