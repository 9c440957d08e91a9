"""Time zones by their names, as people and customers have them."""

from django.utils.translation import gettext as _

from backlog import errors
from backlog.rules import zones


def check(name: str) -> None:
    """Raises Invalid for a name that no clock knows."""
    if not zones.is_known(name):
        raise errors.Invalid(_("There is no such time zone."), field="time_zone", code="unknown")
