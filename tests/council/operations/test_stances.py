"""One answer a seat, by whoever speaks for it, until the ballot is closed."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from backlog.errors import Invalid, ReasonRequired
from backlog.models import Event, User
from council import errors
from council.models import Ballot, Council, Meeting, Seat, Stance
from council.operations import attendances, seats, stances
from council.rules.ballots import Abstention, Mode, Rule
from tests.factories import NOON
from tests.factories import council as make

LATER = NOON + timedelta(minutes=5)
pytestmark = pytest.mark.django_db

Say = Callable[..., Stance]


@pytest.fixture
def meeting(council: Council, sales: Seat, noor: User) -> Meeting:
    meeting: Meeting = make.MeetingFactory.create(
        council=council, status="in_session", opened_at=NOON
    )
    attendances.attend(meeting_id=meeting.pk, by=noor, at=NOON)
    return meeting


@pytest.fixture
def ballot(meeting: Meeting) -> Ballot:
    ballot: Ballot = make.BallotFactory.create(agenda_item__meeting=meeting)
    return ballot


@pytest.fixture
def say(ballot: Ballot, noor: User) -> Say:
    def take(answer: str, by: User = noor, **facts: object) -> Stance:
        return stances.take_stance(
            ballot_id=ballot.pk,
            answer=answer,
            by=by,
            at=LATER,
            **facts,  # type: ignore[arg-type]
        )

    return take


def test_the_last_answer_counts(say: Say, ballot: Ballot, sales: Seat, noor: User) -> None:
    first = say("yes")
    last = say("no", reason="On second thoughts.")

    assert first.pk == last.pk
    stance = ballot.stances.get()
    assert (stance.seat, stance.user, stance.answer) == (sales, noor, "no")


def test_the_same_answer_twice_is_once_and_the_ledger_does_not_say_it(
    say: Say, sales: Seat
) -> None:
    say("yes")
    say("yes")

    event = Event.objects.get(kind="ballot.stance_taken")
    assert event.data == {"seat": sales.pk}


def test_what_the_rule_does_not_know_is_no_answer(say: Say) -> None:
    with pytest.raises(Invalid) as refusal:
        say("objection", reason="No.")

    assert refusal.value.field == "answer"


@pytest.mark.parametrize(
    ("abstention", "refusal"),
    [(Abstention.REFUSED, Invalid), (Abstention.REASONED, ReasonRequired)],
)
def test_abstaining_is_as_the_house_wants_it(
    say: Say, ballot: Ballot, abstention: Abstention, refusal: type[Exception]
) -> None:
    ballot.rule = Rule(Mode.MAJORITY, abstention=abstention).as_json()
    ballot.save()

    with pytest.raises(refusal):
        say("abstain")


def test_who_is_not_there_has_no_voice(say: Say, meeting: Meeting, noor: User) -> None:
    attendances.leave(meeting_id=meeting.pk, by=noor, at=NOON)

    with pytest.raises(errors.NoVoice):
        say("yes")


def test_whose_term_ended_has_no_voice(say: Say, noor: User) -> None:
    seats.vacate(term_id=noor.seat_terms.get().pk, by=None, at=NOON)

    with pytest.raises(errors.NoVoice):
        say("yes")


def test_an_adviser_has_no_voice(say: Say, council: Council, meeting: Meeting) -> None:
    adviser = make.SeatFactory.create(
        council=council, department=None, title="Advocate", is_voting=False
    )
    user = make.SeatTermFactory.create(seat=adviser).user
    attendances.attend(meeting_id=meeting.pk, by=user, at=NOON)

    with pytest.raises(errors.NoVoice):
        say("yes", by=user)


def test_a_proxy_answers_for_each_seat_apart(
    say: Say, ballot: Ballot, council: Council, meeting: Meeting, sales: Seat, noor: User
) -> None:
    away = make.SeatTermFactory.create(seat__council=council)
    attendances.give_proxy(
        meeting_id=meeting.pk, seat_id=away.seat.pk, user=noor, by=away.user, at=NOON
    )

    say("yes")
    say("no", seat_id=away.seat.pk)

    said = ballot.stances.values_list("seat", "answer", "capacity", "user")
    assert set(said) == {
        (sales.pk, "yes", "holder", noor.pk),
        (away.seat.pk, "no", "proxy", noor.pk),
    }


def test_who_stands_in_does_not_take_back_what_the_holder_said(
    say: Say, meeting: Meeting, sales: Seat, noor: User
) -> None:
    alternate = make.SeatTermFactory.create(seat=sales, is_alternate=True).user
    say("yes")
    attendances.leave(meeting_id=meeting.pk, by=noor, at=NOON)
    attendances.attend(meeting_id=meeting.pk, by=alternate, at=NOON)

    with pytest.raises(errors.SeatRepresented):
        say("no", by=alternate)


@pytest.mark.parametrize("status", ["amended", "withdrawn", "closed"])
def test_nothing_is_said_once_it_is_over(say: Say, status: str) -> None:
    result = "carried" if status == "closed" else ""
    Ballot.objects.update(status=status, ended_at=LATER, result=result)

    with pytest.raises(errors.BallotOver) as refusal:
        say("yes")

    assert refusal.value.details == {"status": status}
