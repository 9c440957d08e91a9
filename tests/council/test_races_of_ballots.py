"""Thirty seats answer at once, and somebody closes. Each was seen to fail without the lock."""

import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from backlog.models import CustomerRequest, Event, User
from council import errors
from council.models import Attendance, Ballot, Council, Meeting, Seal, Stance
from council.operations import attendances, ballots, decisions, meetings, stances
from council.operations.ballots import Proposal
from council.queries import seals as seal_queries
from council.rules.ballots import recount
from tests.at_once import at_once
from tests.factories import NOON, backlog
from tests.factories import council as make

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
SEATS, ANSWERS, CONNECTIONS = 30, 100, 40
BUILD = Proposal("Build it: many asked.", "approve")


@pytest.fixture
def meeting() -> Meeting:
    """In session, with thirty departments there."""
    council: Council = make.CouncilFactory.create()
    council.products.add(backlog.ProductFactory.create())
    meeting: Meeting = make.MeetingFactory.create(
        council=council, status="in_session", opened_at=NOON
    )
    for term in make.SeatTermFactory.create_batch(SEATS, seat__council=council):
        make.AttendanceFactory.create(meeting=meeting, seat=term.seat, user=term.user)
    return meeting


@pytest.fixture
def ballot(meeting: Meeting) -> Ballot:
    request: CustomerRequest = backlog.RequestFactory.create(
        product=meeting.council.products.get(), status="under_review"
    )
    ballot: Ballot = make.BallotFactory.create(
        agenda_item__meeting=meeting, agenda_item__request=request
    )
    return ballot


def answers(ballot: Ballot, count: int = ANSWERS) -> list[Callable[[], object]]:
    """From every seat at least one, in any order."""
    rng = random.Random(7)
    voters = [each.user for each in Attendance.objects.select_related("user").order_by("pk")]
    work = [(voters[i % len(voters)], rng.choice(("yes", "no"))) for i in range(count)]
    rng.shuffle(work)
    return [partial(_say, ballot.pk, user, answer) for user, answer in work]


def _say(ballot_id: int, user: User, answer: str) -> Stance:
    return stances.take_stance(ballot_id=ballot_id, answer=answer, by=user, at=NOON)


def at_once_by_many(work: list[Callable[[], object]]) -> list[Exception]:
    """As many at once as there are connections, each one after the other of its share.

    A database takes some hundred connections in all.
    """
    raised: list[Exception] = []

    def share(mine: list[Callable[[], object]]) -> None:
        for task in mine:
            try:
                task()
            except errors.BallotOver as refusal:
                raised.append(refusal)

    shares = (work[start::CONNECTIONS] for start in range(CONNECTIONS))
    return [*at_once(partial(share, mine) for mine in shares), *raised]


def close(ballot: Ballot, by: User) -> Callable[[], object]:
    return lambda: ballots.close_ballot(ballot_id=ballot.pk, by=by, at=NOON)


def test_a_hundred_answers_from_thirty_seats_are_thirty(ballot: Ballot) -> None:
    assert at_once_by_many(answers(ballot)) == []

    assert ballot.stances.count() == SEATS
    taken = Event.objects.filter(kind="ballot.stance_taken").values_list("data__seat", flat=True)
    assert set(taken) == set(ballot.stances.values_list("seat", flat=True))


@pytest.mark.parametrize("attempt", range(3))
def test_closing_meanwhile_counts_each_once_or_refuses_it(
    ballot: Ballot, meeting: Meeting, attempt: int
) -> None:
    work = answers(ballot)
    chair = meeting.council.chair

    raised = at_once_by_many([*work[:50], close(ballot, chair), *work[50:], close(ballot, chair)])

    assert {type(error) for error in raised} <= {errors.BallotOver}
    sealed = Seal.objects.get().content
    counted = {each["seat"]: each["answer"] for each in sealed["stances"]}
    assert counted == dict(ballot.stances.values_list("seat", "answer"))
    ballot.refresh_from_db()
    assert recount(sealed) == ballot.result
    assert seal_queries.find_break(meeting.council) is None
    assert Event.objects.filter(kind="ballot.closed").count() == 1


def test_a_ballot_opened_by_two_at_once_is_one(ballot: Ballot, meeting: Meeting) -> None:
    item = make.AgendaItemFactory.create(
        meeting=meeting,
        request=backlog.RequestFactory.create(product=meeting.council.products.get()),
    )
    opening = partial(
        ballots.open_ballot,
        agenda_item_id=item.pk,
        proposal=BUILD,
        by=meeting.council.chair,
        at=NOON,
    )

    assert at_once([opening] * 4) == []

    assert item.ballots.count() == 1


def test_what_it_decided_is_recorded_once(ballot: Ballot, meeting: Meeting) -> None:
    chair = meeting.council.chair
    for answer in answers(ballot, SEATS):
        answer()
    Stance.objects.update(answer="yes")
    close(ballot, chair)()
    record = partial(decisions.record_by_ballot, ballot_id=ballot.pk, by=chair, at=NOON)

    assert at_once([record] * 4) == []

    assert meeting.council.decisions.count() == 1


def test_two_meetings_of_a_council_are_not_opened_at_once() -> None:
    council: Council = make.CouncilFactory.create()
    both = make.MeetingFactory.create_batch(2, council=council)

    raised = at_once(
        partial(meetings.open_meeting, meeting_id=each.pk, by=None, at=NOON) for each in both
    )

    assert [type(error) for error in raised] == [errors.AnotherInSession]


def test_a_seat_is_spoken_for_by_one_who_comes_first(meeting: Meeting) -> None:
    seat = make.SeatFactory.create(council=meeting.council)
    people = [
        make.SeatTermFactory.create(seat=seat, is_alternate=is_alternate).user
        for is_alternate in (False, True)
    ]

    raised = at_once(
        partial(attendances.attend, meeting_id=meeting.pk, by=user, at=NOON) for user in people * 3
    )

    assert {type(error) for error in raised} <= {errors.SeatRepresented}
    assert Attendance.objects.there().get(seat=seat).capacity == "holder"


@pytest.mark.parametrize("attempt", range(4))
def test_no_request_is_put_to_the_vote_by_two_councils_at_once(
    ballot: Ballot, meeting: Meeting, attempt: int
) -> None:
    """One by itself, in the other council; one at once with another request."""
    ballot.delete()
    lead = meeting.agenda_items.get()
    contested = backlog.RequestFactory.create(product=meeting.council.products.get())
    further = make.AgendaItemFactory.create(meeting=meeting, request=contested)
    other = make.MeetingFactory.create(status="in_session", opened_at=NOON)
    other.council.products.add(contested.product)
    for term in make.SeatTermFactory.create_batch(2, seat__council=other.council):
        make.AttendanceFactory.create(meeting=other, seat=term.seat, user=term.user)
    elsewhere = make.AgendaItemFactory.create(meeting=other, request=contested)

    raised = at_once(
        [
            partial(
                ballots.open_ballot,
                agenda_item_id=lead.pk,
                proposal=replace(BUILD, further_items=[further.pk]),
                by=meeting.council.chair,
                at=NOON,
            ),
            partial(
                ballots.open_ballot,
                agenda_item_id=elsewhere.pk,
                proposal=BUILD,
                by=other.council.chair,
                at=NOON,
            ),
        ]
    )

    assert [type(error) for error in raised] == [errors.BallotOpen]
    assert Ballot.objects.open().about(contested.pk).count() == 1
