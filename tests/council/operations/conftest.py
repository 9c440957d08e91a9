"""A council that decides over one product: Sora is its secretary, Noor sits there for Sales."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from backlog.models import CustomerRequest, User
from council.models import ActionItem, AgendaItem, Ballot, Council, Meeting, Minutes, Seat
from council.operations import (
    action_items,
    agenda_items,
    attendances,
    ballots,
    decisions,
    meetings,
    minutes,
    notes,
)
from council.operations.ballots import Proposal
from tests.council.operations.sitting import after, approve
from tests.council.operations.voting import BUILD, say
from tests.factories import NOON, backlog, people
from tests.factories import council as make


@pytest.fixture
def pay_faster(db: None) -> CustomerRequest:
    return backlog.RequestFactory.create(title="Pay faster", status="under_review")


@pytest.fixture
def council(pay_faster: CustomerRequest, sora: User) -> Council:
    council = make.CouncilFactory.create(secretary=sora)
    council.products.add(pay_faster.product)
    return council


@pytest.fixture
def sales(council: Council, noor: User) -> Seat:
    sales = people.DepartmentFactory.create(name="Sales")
    seat = make.SeatFactory.create(council=council, department=sales)
    make.SeatTermFactory.create(seat=seat, user=noor)
    return seat


@pytest.fixture
def members(council: Council) -> list[User]:
    """Of three departments."""
    seats = make.SeatFactory.create_batch(3, council=council)
    return [make.SeatTermFactory.create(seat=seat).user for seat in seats]


@pytest.fixture
def meeting(council: Council, members: list[User], sora: User) -> Meeting:
    """In session, with everybody there."""
    meeting: Meeting = make.MeetingFactory.create(council=council)
    for user in members:
        attendances.attend(meeting_id=meeting.pk, by=user, at=NOON)
    return meetings.open_meeting(meeting_id=meeting.pk, by=sora, at=NOON)


@pytest.fixture
def item(meeting: Meeting, pay_faster: CustomerRequest) -> AgendaItem:
    item: AgendaItem = make.AgendaItemFactory.create(meeting=meeting, request=pay_faster)
    return item


@pytest.fixture
def put(item: AgendaItem, sora: User) -> Callable[..., Ballot]:
    def open_ballot(proposal: Proposal = BUILD, **facts: Any) -> Ballot:
        return ballots.open_ballot(
            agenda_item_id=item.pk, proposal=proposal, by=sora, at=NOON, **facts
        )

    return open_ballot


@pytest.fixture
def held(
    council: Council,
    meeting: Meeting,
    item: AgendaItem,
    put: Callable[..., Ballot],
    members: list[User],
    sora: User,
) -> Meeting:
    """A meeting of an hour: twenty minutes on Pay faster, which was voted and decided."""
    agenda_items.activate_agenda_item(agenda_item_id=item.pk, by=sora, at=after(5))
    notes.set_note(agenda_item_id=item.pk, note="The bank waits.", by=sora, at=after(6))
    ballot = put()
    for user, answer in zip(members, ("yes", "yes", "no"), strict=True):
        reason = "Too dear." if answer == "no" else ""
        say(ballot, user, answer, reason=reason, is_named=answer == "no")
    ballots.close_ballot(ballot_id=ballot.pk, by=sora, at=after(10))
    decisions.record_by_ballot(ballot_id=ballot.pk, by=sora, at=after(11))
    topic = make.AgendaItemFactory.create(meeting=meeting, request=None, title="Holidays")
    action_items.assign_action(
        council_id=council.pk,
        title="Ask the bank",
        owner=members[0],
        due_on=(NOON + timedelta(days=9)).date(),
        agenda_item_id=item.pk,
        by=sora,
        at=after(12),
    )
    agenda_items.activate_agenda_item(agenda_item_id=topic.pk, by=sora, at=after(25))
    return meetings.end_meeting(meeting_id=meeting.pk, by=sora, at=after(60))


@pytest.fixture
def proposed(held: Meeting, sora: User) -> Minutes:
    return minutes.propose_minutes(meeting_id=held.pk, by=sora, at=after(61))


@pytest.fixture
def approved(held: Meeting, proposed: Minutes, members: list[User]) -> Minutes:
    return approve(held, *members[:2])


@pytest.fixture
def action(council: Council, pay_faster: CustomerRequest, noor: User) -> ActionItem:
    return make.ActionItemFactory.create(council=council, request=pay_faster, owner=noor)


@pytest.fixture
def claimed(action: ActionItem) -> ActionItem:
    action.status, action.evidence = "claimed_done", "The contract is signed."
    action.claimed_at = NOON
    action.save()
    return action
