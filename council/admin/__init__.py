"""The admin's pages of the council; importing them registers them."""

from council.admin import (
    action_items,
    agenda_items,
    ballots,
    councils,
    decisions,
    meetings,
    seals,
    seats,
)

__all__ = [
    "action_items",
    "agenda_items",
    "ballots",
    "councils",
    "decisions",
    "meetings",
    "seals",
    "seats",
]
