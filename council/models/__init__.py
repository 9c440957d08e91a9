"""The nouns of the council. Django needs them in one place; elsewhere import submodules."""

from council.models.action_items import ActionItem
from council.models.agenda_items import AgendaItem
from council.models.attendances import Attendance
from council.models.councils import Council
from council.models.decisions import Decision
from council.models.meetings import Meeting
from council.models.predictions import Prediction
from council.models.seals import Seal
from council.models.seats import Seat, SeatTerm

__all__ = [
    "ActionItem",
    "AgendaItem",
    "Attendance",
    "Council",
    "Decision",
    "Meeting",
    "Prediction",
    "Seal",
    "Seat",
    "SeatTerm",
]
