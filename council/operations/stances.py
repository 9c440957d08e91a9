"""Stances: what a seat answers to a proposal, until the ballot is closed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backlog.auth.personal_acts import in_person
from backlog.errors import Invalid, ReasonRequired
from backlog.models import User
from backlog.models.feedback import new_salt
from backlog.operations import events
from backlog.rules import text_input
from council import errors
from council.models import Attendance, Ballot, Seat, Stance
from council.operations import ballots
from council.queries import attendances as attendance_queries
from council.queries import ballots as ballot_queries
from council.queries import recusals
from council.queries import seats as seat_queries
from council.rules.ballots import Answer

Capacity = Attendance.Capacity


@in_person
@transaction.atomic
def take_stance(
    *,
    ballot_id: int,
    answer: str,
    by: User,
    at: datetime,
    reason: str = "",
    is_named: bool = False,
    seat_id: int | None = None,
) -> Stance:
    """The answer of a seat that the person speaks for: their own, or `seat_id` by proxy.

    One a seat: the last counts while the ballot is open. The same answer twice changes nothing.
    """
    ballot = ballots.lock_ballot(ballot_id)
    _check_open(ballot, at)
    _check_answer(ballot, answer, reason)
    seat, capacity = _voice(ballot, by, seat_id)
    facts = {
        "user": by,
        "capacity": capacity,
        "answer": answer,
        "reason": text_input.storable(reason, field="reason"),
        "is_named": is_named,
    }
    stance = ballot.stances.filter(seat=seat).first() or Stance(ballot=ballot, seat=seat)
    if stance.pk is not None:
        _check_may_change(stance, by, capacity)
        if all(getattr(stance, name) == value for name, value in facts.items()):
            return stance
    for name, value in facts.items():
        setattr(stance, name, value)
    stance.taken_at, stance.salt = at, new_salt()
    stance.full_clean(validate_unique=False, validate_constraints=False)
    stance.save()
    events.record("ballot.stance_taken", subject=ballot, by=by, at=at, data={"seat": seat.pk})
    return stance


def _check_open(ballot: Ballot, at: datetime) -> None:
    """Nor is anything said after a deadline that the clock has not acted on yet."""
    if ballot.status != Ballot.Status.OPEN or (ballot.closes_at and at >= ballot.closes_at):
        raise errors.BallotOver(
            _("This ballot is over: %(status)s.") % {"status": ballot.get_status_display()},
            status=ballot.status,
        )


def _check_answer(ballot: Ballot, answer: str, reason: str) -> None:
    rule = ballot.house_rule
    if answer not in rule.answers:
        raise Invalid(
            _("By the rule of this ballot that is no answer."), field="answer", code="no_answer"
        )
    if rule.asks_for_a_reason(Answer(answer)) and not reason.strip():
        raise ReasonRequired(_("Say why."))


def _voice(ballot: Ballot, user: User, seat_id: int | None) -> tuple[Seat, str]:
    """The seat they answer for and as what: as who is there, or by a deadline as who sits there."""
    meeting = ballot.agenda_item.meeting
    entitled = attendance_queries.entitled_seats(meeting.council_id)
    for voice in _spoken_for(ballot, user):
        if voice.seat_id is not None and seat_id in (None, voice.seat_id):
            seat = entitled.filter(pk=voice.seat_id).first()
            if seat is not None:
                _check_not_aside(ballot, seat)
                return seat, voice.capacity
    raise errors.NoVoice(
        _("%(user)s speaks for no voting seat here. Come to the meeting first.") % {"user": user}
        if ballot.closes_at is None
        else _("%(user)s has no voting seat in “%(council)s”.")
        % {"user": user, "council": meeting.council}
    )


def _check_not_aside(ballot: Ballot, seat: Seat) -> None:
    if recusals.standing_on(*ballot_queries.item_ids_of(ballot)).filter(seat=seat).exists():
        raise errors.SteppedAside(
            _("“%(seat)s” has stepped aside from this item, and has no voice on it.")
            % {"seat": seat}
        )


def _spoken_for(ballot: Ballot, user: User) -> list[Attendance]:
    meeting = ballot.agenda_item.meeting
    if ballot.closes_at is None:
        return list(attendance_queries.voices_of(meeting, user.pk))
    term = seat_queries.term_of(meeting.council, user)
    if term is None:
        return []
    capacity = Capacity.ALTERNATE if term.is_alternate else Capacity.HOLDER
    return [Attendance(meeting=meeting, user=user, seat=term.seat, capacity=capacity)]


def _check_may_change(stance: Stance, by: User, capacity: str) -> None:
    """Who stands in does not take back what the holder has said."""
    if stance.capacity == Capacity.HOLDER and capacity != Capacity.HOLDER and stance.user != by:
        raise errors.SeatRepresented(
            _("%(user)s has answered for “%(seat)s”.") % {"user": stance.user, "seat": stance.seat}
        )
