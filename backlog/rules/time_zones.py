"""Time zones by their names, as people and customers have them."""

from datetime import tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext as _

from backlog import errors


def check(name: str) -> None:
    """Raises Invalid for a name that no clock knows."""
    if not is_known(name):
        raise errors.Invalid(_("There is no such time zone."), field="time_zone", code="unknown")


@cache
def _known() -> frozenset[str]:
    """Read once: they are files on a disk, or in the package `tzdata`.

    Debian lists the machine's own clock among them, which is another one on each machine.
    """
    return frozenset(available_timezones() - {"localtime"})


def names() -> list[str]:
    """Those of places, as people know them."""
    return sorted(name for name in _known() if "/" in name and not name.startswith("Etc/"))


def is_known(name: str) -> bool:
    """Whether there is a clock for it here."""
    return name in _known()


def clock(name: str, *, otherwise: tzinfo) -> tzinfo:
    """The clock of this zone; the other one where the zone is not known here."""
    return ZoneInfo(name) if is_known(name) else otherwise
