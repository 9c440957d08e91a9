"""The nouns of the council. Django needs them in one place; elsewhere import submodules."""

from council.models.councils import Council, Seat, SeatTerm
from council.models.decisions import ActionItem, Decision
from council.models.meetings import AgendaItem, Meeting
from council.models.seals import Seal

__all__ = [
    "ActionItem",
    "AgendaItem",
    "Council",
    "Decision",
    "Meeting",
    "Seal",
    "Seat",
    "SeatTerm",
]
