"""What an operator is told at start, beside what Django checks itself."""

from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register
from django.core.mail.message import sanitize_address
from django.db import DatabaseError

from backlog.dispatch import clock


@register()
def sender_is_an_address(**_: Any) -> list[CheckMessage]:
    """Else no message could be written, and each would be given up for no fault of its own."""
    sender = settings.DEFAULT_FROM_EMAIL
    try:
        is_address = "@" in parseaddr(sender)[1] and bool(sanitize_address(sender, "utf-8"))
    except (ValueError, IndexError):
        is_address = False
    if not is_address:
        fault = f"EMAIL_FROM is no sender of mail: “{sender}”."
        hint = "Write it as in: Hearback <hearback@example.com>"
        return [checks.Error(fault, hint=hint, id="backlog.E001")]
    return []


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
