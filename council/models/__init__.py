"""The nouns of the council. Django needs them in one place; elsewhere import submodules."""

from council.models.action_items import ActionItem
from council.models.agenda_items import AgendaItem
from council.models.attendances import Attendance
from council.models.ballots import Ballot
from council.models.calendar_feeds import CalendarFeed
from council.models.councils import Council
from council.models.decisions import Decision
from council.models.invitations import Invitation
from council.models.ledger_seals import LedgerSeal
from council.models.letters import Letter
from council.models.meetings import Meeting
from council.models.minutes import Minutes, MinutesAmendment, MinutesApproval
from council.models.predictions import Prediction
from council.models.preparations import Preparation
from council.models.recusals import Recusal
from council.models.reviews import Review
from council.models.seals import Seal
from council.models.seats import Seat, SeatTerm
from council.models.series import Series
from council.models.stances import Stance

__all__ = [
    "ActionItem",
    "AgendaItem",
    "Attendance",
    "Ballot",
    "CalendarFeed",
    "Council",
    "Decision",
    "Invitation",
    "LedgerSeal",
    "Letter",
    "Meeting",
    "Minutes",
    "MinutesAmendment",
    "MinutesApproval",
    "Prediction",
    "Preparation",
    "Recusal",
    "Review",
    "Seal",
    "Seat",
    "SeatTerm",
    "Series",
    "Stance",
]
