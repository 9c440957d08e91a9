"""A council that decides over one product: Sora is its secretary, Noor sits there for Sales."""

import pytest

from backlog.models import CustomerRequest, User
from council.models import Council, Seat
from tests.factories import backlog, people
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
