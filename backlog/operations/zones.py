"""Time zones by their names, as people and customers have them."""

from functools import cache
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from backlog import errors


@cache
def known() -> frozenset[str]:
    """Read once: they are files on a disk."""
    return frozenset(available_timezones())


def check(name: str) -> None:
    """Raises Invalid for a name that no clock knows: a page or a notice would fail on it later."""
    if name not in known():
        raise errors.Invalid(_("There is no such time zone."), field="time_zone", code="unknown")
