"""What the rules of the council may answer instead of doing what was asked."""

from backlog.errors import Refusal

# Councils and seats


class ProductNotBeforeCouncil(Refusal):
    """The council does not decide over the backlog of this product."""

    code = "product_not_before_council"


class NotSeated(Refusal):
    """The person holds no seat of this council, and is neither its chair nor its secretary."""

    code = "not_seated"


class SeatTaken(Refusal):
    """The department has its voting seat already: one voice each."""

    code = "seat_taken"


class AlreadySeated(Refusal):
    """The person has another seat of this council: nobody speaks for two."""

    code = "already_seated"


# Meetings


class MeetingNotInSession(Refusal):
    """The meeting has not been opened, or is over."""

    code = "meeting_not_in_session"


class MeetingBegun(Refusal):
    """A meeting that was opened is ended, not cancelled."""

    code = "meeting_begun"


class MeetingOver(Refusal):
    """The meeting was ended or cancelled."""

    code = "meeting_over"


# Agenda items


class AlreadyOnAgenda(Refusal):
    """The meeting has this request on its agenda."""

    code = "already_on_agenda"


class AgendaItemDecided(Refusal):
    """The item led to a decision; `details` name it."""

    code = "agenda_item_decided"


class NotOnThisAgenda(Refusal):
    """The item beside which something is to stand is on no place of this agenda."""

    code = "not_on_this_agenda"


class NotProposed(Refusal):
    """The item does not wait for an answer: it was taken on the agenda, or off it."""

    code = "not_proposed"


class AgendaItemWithdrawn(Refusal):
    """The item was taken off the agenda."""

    code = "agenda_item_withdrawn"


# Action items


class NotTheOwner(Refusal):
    """Only the owner of an action item says that it is done."""

    code = "not_the_owner"


class OwnActionItem(Refusal):
    """Somebody else than the owner has to accept the evidence."""

    code = "own_action_item"


class ActionItemNotClaimed(Refusal):
    """Nobody has said that the action item is done."""

    code = "action_item_not_claimed"


class ActionItemClosed(Refusal):
    """The action item was verified or cancelled."""

    code = "action_item_closed"
