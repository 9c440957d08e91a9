"""What kind of a message something is, and what a customer must have agreed to for it.

An answer to one's own words rests on having asked; a message of service comes with the service.
Advertising takes a consent of its own, and at night, where the reader is, a second one. In Korea so
says the Act on Promotion of Information and Communications Network Utilization, Article 50; we ask
it of everybody.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from backlog.rules.moments import QuietHours

ANSWER: Final = "answer"
SERVICE: Final = "service"
ADVERTISING: Final = "advertising"
ADVERTISING_AT_NIGHT: Final = "advertising_at_night"
"""Purposes of consents have the names of what they allow."""
NIGHT: Final = QuietHours(begins=21, ends=8)


def lacking(nature: str, *, agreed_to: Collection[str], local: datetime) -> set[str]:
    """The consents that are missing for such a message at this time on the reader's clock.

    Whoever may be answered, and where, is not decided here (`queries.reachability`).
    """
    if nature != ADVERTISING:
        return set()
    needed = {ADVERTISING, ADVERTISING_AT_NIGHT} if NIGHT.include(local) else {ADVERTISING}
    return needed.difference(agreed_to)
