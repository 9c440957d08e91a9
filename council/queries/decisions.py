"""Whether an item can lead to a decision now, and whether one that stands can be changed."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from backlog.errors import Invalid, Refusal
from backlog.models import User
from council import errors
from council.models import AgendaItem, Ballot, Council, Decision, Meeting, SeatTerm
from council.queries import attendances, ballots, recusals, seats
from council.rules.quorum import Quorum
from council.rules.verdicts import STANDING


def refusal_to_decide(item: AgendaItem) -> Refusal | None:
    """Why an item cannot lead to a decision now; None where it can. Pages and API ask the same."""
    return _refusal_once_over(item) or _refusal_outside_session(item)


def _refusal_outside_session(item: AgendaItem) -> Refusal | None:
    if item.meeting.status == Meeting.Status.INQUORATE:
        return refusal_without_quorum(item.meeting)
    if item.meeting.status != Meeting.Status.IN_SESSION:
        return errors.MeetingNotInSession(
            _("“%(meeting)s” is not in session.") % {"meeting": item.meeting}
        )
    return None


def _refusal_once_over(item: AgendaItem) -> Refusal | None:
    recorded = _last_of(item)
    if recorded is not None:
        return errors.AgendaItemDecided(
            _("This item led to a decision already: %(verdict)s.")
            % {"verdict": recorded.get_verdict_display()},
            decision=recorded.pk,
        )
    return _refusal_off_agenda(item)


def _refusal_off_agenda(item: AgendaItem) -> Refusal | None:
    if item.status in (AgendaItem.Status.WITHDRAWN, AgendaItem.Status.DECLINED):
        return errors.AgendaItemWithdrawn(_("This item was taken off the agenda."))
    return None


def refusal_to_vote(item: AgendaItem, *further_ids: int) -> Refusal | None:
    """Why nothing on this item can be put to the vote, or counted, in its meeting now.

    What was decided can be voted on again as long as the meeting lasts: the later decision holds.
    """
    return (
        _refusal_off_agenda(item)
        or _refusal_outside_session(item)
        or _refusal_once_carried(item)
        or _refusal_without_the_others(item, *further_ids)
    )


def _refusal_without_the_others(item: AgendaItem, *further_ids: int) -> Refusal | None:
    """Where so many have stepped aside that those who are left are no quorum of their own."""
    found = recusals.quorum_on(item, item.meeting.council, *further_ids)
    return None if found.is_met else _inquorate(found)


def refusal_to_take_along(item: AgendaItem, lead: AgendaItem) -> Refusal | None:
    """Why an item cannot be decided at once with another."""
    if item.meeting_id != lead.meeting_id:
        return errors.NotOnThisAgenda(_("What is decided at once is on one agenda."))
    if item.request is None or lead.request is None or item.pk == lead.pk:
        return Invalid(
            _("Name other items, each about a request."), field="further_items", code="invalid"
        )
    if item.request.product_id != lead.request.product_id:
        return Invalid(
            _("%(key)s is of another product: put it to the vote by itself.")
            % {"key": item.request.key},
            field="further_items",
            code="of_another_product",
        )
    if item.status not in ballots.TO_BE_DECIDED:
        return errors.AgendaItemDecided(_("%(item)s has been dealt with.") % {"item": item})
    return refusal_without_ballot(item)


def refusal_between_meetings(item: AgendaItem) -> Refusal | None:
    """The same by a deadline, for which nobody has to meet."""
    over = _refusal_once_over(item) or _refusal_once_carried(item)
    if over is not None:
        return over
    if item.meeting.status not in (*Meeting.TO_COME, *Meeting.UNDER_WAY):
        return errors.MeetingOver(_("“%(meeting)s” is over.") % {"meeting": item.meeting})
    return None


def refusal_without_ballot(item: AgendaItem) -> Refusal | None:
    """Why no decision can be recorded beside the ballot on the item."""
    ballot = ballots.latest_on(item)
    if ballot is not None and ballot.status == Ballot.Status.OPEN:
        return errors.BallotOpen(_("A ballot on this item is open."), ballot=ballot.pk)
    return _refusal_once_carried(item)


def refusal_of_recorder(council: Council, user: User) -> Refusal | None:
    """Why, by the house rule, it is not this person who records what the council decided."""
    officers = (council.chair_id, council.secretary_id)
    if council.recorders == Council.Recorders.SEATED or user.pk in officers:
        return None
    return errors.NotTheRecorder(
        _("In “%(council)s” the chair or the secretary records what was decided.")
        % {"council": council}
    )


def refusal_beside_ballots(council: Council, user: User) -> Refusal | None:
    """Why nothing can be recorded there, or not by this person, that was not put to the vote."""
    if council.needs_ballot:
        return errors.NeedsBallot(
            _("“%(council)s” decides by ballot alone: put a proposal to the vote.")
            % {"council": council}
        )
    return refusal_of_recorder(council, user)


def refusal_to_record(ballot: Ballot, user: User) -> Refusal | None:
    """Why somebody cannot record what a ballot decided."""
    council = ballot.agenda_item.meeting.council
    if ballot.result == Ballot.Result.ADVISED:
        if user.pk == council.chair_id:
            return None
        return errors.ChairDecides(_("By the rule of this ballot the chair decides."))
    if ballot.result != Ballot.Result.CARRIED:
        return errors.NotCarried(_("This ballot was not carried: there is nothing to record."))
    return refusal_of_recorder(council, user)


def _refusal_once_carried(item: AgendaItem) -> Refusal | None:
    decided = (Ballot.Result.CARRIED, Ballot.Result.ADVISED)
    waiting = Ballot.objects.on(item.pk).filter(result__in=decided, decisions__isnull=True)
    if not waiting.exists():
        return None
    return errors.BallotDecides(_("The council has voted. Record what its ballot decided."))


def refusal_without_quorum(meeting: Meeting) -> Refusal:
    return _inquorate(attendances.quorum_of(meeting))


def _inquorate(found: Quorum) -> Refusal:
    counted = {
        "present": found.present,
        "needed": found.needed,
        "departments": found.departments,
    }
    return errors.Inquorate(
        _("%(present)d of %(departments)d departments are there; %(needed)d must be, to decide.")
        % counted,
        **counted,
    )


def _last_of(item: AgendaItem) -> Decision | None:
    """The one that holds, where its meeting voted on it again."""
    return max(item.decisions.all(), key=lambda it: it.pk, default=None)


def can_be_decided(item: AgendaItem) -> bool:
    return item.request_id is not None and refusal_to_decide(item) is None


def can_be_decided_by(item: AgendaItem, user: User) -> bool:
    """The same, for whom it would be recorded: nobody is offered what would be refused."""
    council = item.meeting.council
    return (
        can_be_decided(item)
        and refusal_without_ballot(item) is None
        and refusal_to_decide_beside_ballots(council, user) is None
    )


def refusal_to_decide_beside_ballots(council: Council, user: User) -> Refusal | None:
    """Why somebody records nothing there beside a ballot: no place, or the house rules."""
    return refusal_without_place(council, user) or refusal_beside_ballots(council, user)


def councils_of_recorder(user: User) -> QuerySet[Council]:
    """Where somebody may record what was not put to the vote."""
    seated = SeatTerm.objects.current().filter(seat__council=OuterRef("pk"), user=user)
    recorders = Q(recorders=Council.Recorders.SEATED) & Q(Exists(seated))
    officers = Q(chair=user) | Q(secretary=user)
    return Council.objects.filter(officers | recorders, needs_ballot=False)


def refusal_without_place(council: Council, user: User) -> Refusal | None:
    if seats.has_place(council, user):
        return None
    return errors.NotSeated(
        _("%(user)s has no seat in “%(council)s”.") % {"user": user, "council": council}
    )


def refusal_once_over(decision: Decision) -> Refusal | None:
    """Only what stands is amended, corrected, superseded, retired or looked at again."""
    if decision.status in STANDING:
        return None
    return errors.DecisionOver(
        _("This decision does not stand any more: %(status)s.")
        % {"status": decision.get_status_display()},
        status=decision.status,
    )


def refusal_to_supersede(decision: Decision, user: User) -> Refusal | None:
    """Why somebody cannot record another verdict in its place."""
    return refusal_once_over(decision) or refusal_to_decide_beside_ballots(decision.council, user)


def refusal_to_amend(decision: Decision, user: User) -> Refusal | None:
    """What was voted on is put in other words by another vote alone."""
    return refusal_to_supersede(decision, user) or _refusal_of_voted(decision)


def refusal_to_correct(decision: Decision) -> Refusal | None:
    return refusal_once_over(decision) or _refusal_of_voted(decision)


def _refusal_of_voted(decision: Decision) -> Refusal | None:
    if decision.ballot_id is None:
        return None
    return errors.BallotDecides(
        _("The council voted on these very words. Put other ones to the vote.")
    )


def refusal_to_retire(decision: Decision, user: User) -> Refusal | None:
    """Retiring says nothing new, so that it takes no ballot; who records, does it."""
    council = decision.council
    return (
        refusal_once_over(decision)
        or refusal_without_place(council, user)
        or refusal_of_recorder(council, user)
    )
