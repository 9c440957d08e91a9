"""Two remind at once, or step aside while others answer."""

from datetime import timedelta
from functools import partial

import pytest
from django.core import mail

from backlog.models import CustomerRequest, Event, User
from council import errors
from council.dispatch import letters as dispatch
from council.models import AgendaItem, Ballot, Letter, Meeting, Preparation, Recusal, Seal
from council.operations import ballots, preparations, recusals, reminders, stances
from council.queries import seals as seal_queries
from council.rules.ballots import recount
from tests.at_once import at_once
from tests.factories import NOON, backlog
from tests.factories import council as make

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
SEATS = 6


@pytest.fixture
def meeting() -> Meeting:
    """To come, of six departments, with an item."""
    council = make.CouncilFactory.create()
    council.products.add(backlog.ProductFactory.create())
    make.SeatTermFactory.create_batch(SEATS, seat__council=council)
    meeting: Meeting = make.MeetingFactory.create(
        council=council, starts_at=NOON + timedelta(hours=20)
    )
    request: CustomerRequest = backlog.RequestFactory.create(
        product=council.products.get(), status="under_review"
    )
    make.AgendaItemFactory.create(meeting=meeting, request=request)
    return meeting


@pytest.fixture
def item(meeting: Meeting) -> AgendaItem:
    return meeting.agenda_items.get()


@pytest.fixture
def ballot(item: AgendaItem) -> Ballot:
    ballot: Ballot = make.BallotFactory.create(
        agenda_item=item, closes_at=NOON + timedelta(hours=10)
    )
    return ballot


def people(meeting: Meeting) -> list[User]:
    return list(User.objects.filter(seat_terms__seat__council=meeting.council).order_by("pk"))


def test_two_who_remind_write_one_letter_each(meeting: Meeting) -> None:
    ask = partial(reminders.remind_of_meeting, meeting_id=meeting.pk, at=NOON)
    chair = meeting.council.chair

    raised = at_once([partial(ask, by=by) for by in (chair, chair, None, None)])

    assert raised == []
    assert Letter.objects.count() == SEATS
    assert Event.objects.filter(kind="meeting.reminded").count() == 1


def test_two_workers_send_each_letter_once(meeting: Meeting) -> None:
    reminders.remind_of_meeting(meeting_id=meeting.pk, by=None, at=NOON)

    raised = at_once([partial(dispatch.send_letters, now=lambda: NOON)] * 3)

    assert raised == []
    assert len(mail.outbox) == SEATS


def test_what_is_read_twice_at_once_is_read_once(item: AgendaItem, meeting: Meeting) -> None:
    user = people(meeting)[0]
    read = partial(preparations.read_item, agenda_item_id=item.pk, by=user, at=NOON)

    assert at_once([read] * 5) == []
    assert Preparation.objects.count() == 1


def test_who_steps_aside_while_all_answer_has_no_answer(ballot: Ballot, meeting: Meeting) -> None:
    """Whatever comes first: no seat has stepped aside and an answer, and the count is right."""
    everybody = people(meeting)
    answers = [
        partial(stances.take_stance, ballot_id=ballot.pk, answer="yes", by=user, at=NOON)
        for user in everybody
    ]
    aside = [
        partial(
            recusals.step_aside,
            agenda_item_id=ballot.agenda_item_id,
            reason="Mine.",
            by=user,
            at=NOON,
        )
        for user in everybody[:3]
    ]

    raised = at_once([*answers, *aside])

    assert all(isinstance(error, errors.SteppedAside) for error in raised)
    assert Recusal.objects.count() == 3
    assert set(ballot.stances.values_list("user", flat=True)) == {it.pk for it in everybody[3:]}


def test_closing_while_somebody_steps_aside_counts_them_or_not(
    ballot: Ballot, meeting: Meeting
) -> None:
    for user in people(meeting):
        stances.take_stance(ballot_id=ballot.pk, answer="yes", by=user, at=NOON)
    aside = partial(
        recusals.step_aside,
        agenda_item_id=ballot.agenda_item_id,
        reason="Mine.",
        by=people(meeting)[0],
        at=NOON,
    )

    raised = at_once([aside, partial(ballots.close_due, by=None, at=NOON + timedelta(hours=11))])

    assert all(isinstance(error, errors.BallotDecides) for error in raised)
    ballot.refresh_from_db()
    content = Seal.objects.get(subject_type="ballot").content
    assert len(content["electorate"]["entitled"]) + len(content["aside"]) == SEATS
    assert len(content["stances"]) == SEATS - len(content["aside"])
    assert recount(content) == ballot.result == "carried"
    assert seal_queries.find_break(meeting.council) is None
