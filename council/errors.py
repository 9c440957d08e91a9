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


class TermsOverlap(Refusal):
    """Somebody else held the seat at that time, or the person another seat."""

    code = "terms_overlap"


class AlreadySeated(Refusal):
    """The person has another seat of this council: nobody speaks for two."""

    code = "already_seated"


# Meetings


class MeetingNotInSession(Refusal):
    """The meeting has not been opened, or is over."""

    code = "meeting_not_in_session"


class MeetingTooEarly(Refusal):
    """A meeting is opened from one day before it starts."""

    code = "meeting_too_early"


class AnotherInSession(Refusal):
    """The council is in session in another meeting."""

    code = "another_in_session"


class Inquorate(Refusal):
    """Fewer departments are there than the council’s quorum asks for; `details` count them."""

    code = "inquorate"


class SeatRepresented(Refusal):
    """Somebody else who is there speaks for the seat."""

    code = "seat_represented"


class NotPresent(Refusal):
    """The person is not at the meeting."""

    code = "not_present"


class CarriesProxy(Refusal):
    """The person speaks for another seat by proxy already."""

    code = "carries_proxy"


class NotYoursToSay(Refusal):
    """Of others, only who runs the meeting says that they come, go or are spoken for."""

    code = "not_yours_to_say"


class MeetingBegun(Refusal):
    """A meeting that was opened is ended, not cancelled."""

    code = "meeting_begun"


class MeetingOver(Refusal):
    """The meeting was ended or cancelled."""

    code = "meeting_over"


# Series and invitations


class NotOfASeries(Refusal):
    """The meeting stands alone: only one of a series is skipped."""

    code = "not_of_a_series"


class SeriesEnded(Refusal):
    """The series was ended: it makes no more meetings."""

    code = "series_ended"


class NotInvited(Refusal):
    """The person is not asked to this meeting."""

    code = "not_invited"


class NoAlternate(Refusal):
    """The person holds no seat that has an alternate."""

    code = "no_alternate"


# Agenda items


class AlreadyOnAgenda(Refusal):
    """The meeting has this request on its agenda."""

    code = "already_on_agenda"


class DiscussedElsewhere(Refusal):
    """Another meeting under way is discussing the same request; `details` name it."""

    code = "discussed_elsewhere"


class AgendaItemDecided(Refusal):
    """The item led to a decision; `details` name it."""

    code = "agenda_item_decided"


class NotAWorkshop(Refusal):
    """The item is no workshop on a request, or its meeting does not discuss it now."""

    code = "not_a_workshop"


class NotOnThisAgenda(Refusal):
    """The item beside which something is to stand is on no place of this agenda."""

    code = "not_on_this_agenda"


class NotProposed(Refusal):
    """The item does not wait for an answer: it was taken on the agenda, or off it."""

    code = "not_proposed"


class AgendaItemWithdrawn(Refusal):
    """The item was taken off the agenda."""

    code = "agenda_item_withdrawn"


# Ballots


class BallotOpen(Refusal):
    """The item has a ballot that is open: it is closed, amended or withdrawn first."""

    code = "ballot_open"


class BallotOver(Refusal):
    """The ballot was closed, amended or withdrawn, or its time is over; `details` say which."""

    code = "ballot_over"


class BallotDecides(Refusal):
    """The council has decided by a ballot: what it decided is recorded, and nothing else."""

    code = "ballot_decides"


class NotCarried(Refusal):
    """The ballot is not closed, or was not carried: there is nothing to record."""

    code = "not_carried"


class NoVoice(Refusal):
    """The person speaks for no voting seat on this ballot."""

    code = "no_voice"


class SteppedAside(Refusal):
    """The seat has stepped aside from the item, and has no voice on it."""

    code = "stepped_aside"


class ChairDecides(Refusal):
    """By the house rule the chair decides, after hearing all."""

    code = "chair_decides"


# Decisions


class NotTheRecorder(Refusal):
    """By the house rule only the chair or the secretary records what was decided."""

    code = "not_the_recorder"


class NeedsBallot(Refusal):
    """By the house rule only what was put to the vote and carried is recorded."""

    code = "needs_ballot"


class DecisionOver(Refusal):
    """Another decision has taken its place, or it was retired: it is not looked at any more."""

    code = "decision_over"


# Minutes


class MeetingNotOver(Refusal):
    """Minutes are of a meeting that has ended."""

    code = "meeting_not_over"


class MinutesFinal(Refusal):
    """The minutes are approved: what is wrong in them is corrected by another version."""

    code = "minutes_final"


class MinutesNotInReview(Refusal):
    """The minutes are not under review; `details` say where they stand."""

    code = "minutes_not_in_review"


class MinutesNotApproved(Refusal):
    """Only approved minutes are published, or corrected by another version."""

    code = "minutes_not_approved"


class MinutesInReview(Refusal):
    """The minutes are under review: their notes change by amendments only."""

    code = "minutes_in_review"


class WasNotThere(Refusal):
    """Those who were at the meeting amend and approve its minutes, nobody else."""

    code = "was_not_there"


class AmendmentsOpen(Refusal):
    """Amendments wait for an answer; `details` count them."""

    code = "amendments_open"


class AmendmentAnswered(Refusal):
    """The amendment was accepted or declined."""

    code = "amendment_answered"


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


class ActionItemClaimed(Refusal):
    """The owner says that the action item is done: that is accepted, or it is reopened."""

    code = "action_item_claimed"


class PartnerLinkOver(Refusal):
    """The partner was given another link since, or does not do it any more."""

    code = "partner_link_over"


class NothingToUndo(Refusal):
    """What was done last to the action item was done by another, or too long ago."""

    code = "nothing_to_undo"


class ActionItemClosed(Refusal):
    """The action item was verified or cancelled."""

    code = "action_item_closed"
