"""The nouns of the council. Django needs them in one place; elsewhere import submodules."""

from council.models.action_items import ActionItem
from council.models.agenda_items import AgendaItem
from council.models.attendances import Attendance
from council.models.ballots import Ballot
from council.models.councils import Council
from council.models.decisions import Decision
from council.models.meetings import Meeting
from council.models.predictions import Prediction
from council.models.reviews import Review
from council.models.seals import Seal
from council.models.seats import Seat, SeatTerm
from council.models.stances import Stance

__all__ = [
    "ActionItem",
    "AgendaItem",
    "Attendance",
    "Ballot",
    "Council",
    "Decision",
    "Meeting",
    "Prediction",
    "Review",
    "Seal",
    "Seat",
    "SeatTerm",
    "Stance",
]
