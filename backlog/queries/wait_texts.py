"""How long somebody waits, in words."""

from datetime import timedelta

from django.utils.translation import ngettext


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
