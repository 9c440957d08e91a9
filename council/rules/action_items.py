"""What of an action item can be taken back, and for how long."""

from datetime import timedelta
from typing import Final

UNDONE_WITHIN: Final = timedelta(minutes=10)
"""A slip is noticed at once. Later, to reopen says why."""
UNDOABLE: Final = (
    "action_item.claimed_done",
    "action_item.verified",
    "action_item.blocked",
    "action_item.unblocked",
    "action_item.cancelled",
)
