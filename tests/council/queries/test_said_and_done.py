"""What was said would be done, and what was."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate

from backlog.models import Product, User
from council.models import ActionItem, Council
from council.queries import said_and_done
from council.queries.said_and_done import Promises
from tests.factories import NOON
from tests.factories import backlog as make
from tests.factories.council import ActionItemFactory, CouncilFactory
from tests.factories.people import DepartmentFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = localdate(NOON)
DAY = timedelta(days=1)
DONE: dict[str, Any] = {"status": "verified", "evidence": "x", "closed_at": NOON}


def found(user: User, **more: Any) -> Promises:
    return said_and_done.promises(user, first=TODAY - 90 * DAY, end=TODAY + DAY, at=NOON, **more)


def owed(**more: Any) -> ActionItem:
    return ActionItemFactory.create(**{"due_on": TODAY - 5 * DAY, **more})


def test_counts_what_was_due_with_how_many_it_is_of(mina: User) -> None:
    owed(**DONE, claimed_at=NOON - 6 * DAY)
    owed(**DONE, claimed_at=NOON - 2 * DAY)
    owed(status="claimed_done", evidence="x", claimed_at=NOON - 6 * DAY)
    owed()
    owed(due_on=TODAY)  # Still time.
    owed(status="cancelled", closed_at=NOON)
    owed(due_on=TODAY - 100 * DAY)

    total = found(mina).total

    assert total.n == 4
    assert [
        (each.part, each.n)
        for each in (total.on_time, total.late, total.overdue, total.verified)
        if each
    ] == [(2, 4), (1, 4), (1, 4), (2, 4)]
    assert total.on_time is not None
    assert total.on_time.percent.low < 50 < total.on_time.percent.high


def test_says_nothing_of_nothing(mina: User) -> None:
    total = found(mina).total

    assert (total.n, total.on_time, total.overdue) == (0, None, None)


def test_groups_by_council_and_by_the_department_of_the_day(mina: User) -> None:
    council: Council = CouncilFactory.create(name="Payments council")
    owner = UserFactory.create()
    MembershipFactory.create(
        user=owner,
        department=DepartmentFactory.create(name="Sales"),
        starts_on=TODAY - 90 * DAY,
        ends_on=TODAY - 2 * DAY,
    )
    MembershipFactory.create(
        user=owner, department=DepartmentFactory.create(name="Design"), starts_on=TODAY - DAY
    )
    owed(council=council, owner=owner)
    owed()

    promises = found(mina)

    assert {each.name: each.n for each in promises.departments} == {"Sales": 1, "": 1}
    assert ("Payments council", 1) in [(each.name, each.n) for each in promises.councils]
    assert found(mina, council=council).total.n == 1


def test_leaves_out_what_the_person_may_not_see(omar: User) -> None:
    closed = make.ProductFactory.create(is_open=False)
    owed(request=make.RequestFactory.create(product=closed))

    assert found(omar).total.n == 0


def test_is_of_some_products_where_they_are_chosen(mina: User) -> None:
    request = make.RequestFactory.create()
    owed(request=request)
    owed()

    chosen = Product.objects.filter(pk=request.product_id)

    assert found(mina, products=chosen).total.n == 1


def test_stops_somewhere(mina: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(said_and_done, "SAMPLE", 2)
    for _ in range(3):
        owed()

    promises = found(mina)

    assert (promises.total.n, promises.is_sample) == (2, True)
