"""A council that decides over one product: Sora is its secretary, Noor sits there for Sales."""

from collections.abc import Callable
from typing import Any

import pytest

from backlog.models import CustomerRequest, User
from council.models import AgendaItem, Ballot, Council, Meeting, Seat
from council.operations import attendances, ballots, meetings
from council.operations.ballots import Proposal
from tests.council.operations.voting import BUILD
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
