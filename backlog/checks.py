"""What an operator is told at start, beside what Django checks itself."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, Tags, register
from django.db import DatabaseError

from backlog import clock


@register(Tags.database)
def clocks_agree(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Runs with `check --database default` and with `migrate`."""
    if not databases:
        return []
    try:
        ahead = clock.ahead()
    except DatabaseError:
        return []  # Others say so, and better.
    if abs(ahead) <= clock.TOLERATED:
        return []
    seconds = round(ahead.total_seconds())
    return [
        checks.Warning(
            f"The clock of this machine is {seconds} seconds ahead of the database's.",
            hint="Have both set by the same time servers (NTP): messages carry this time.",
            id="backlog.W001",
        )
    ]
