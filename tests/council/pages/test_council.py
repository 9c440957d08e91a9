"""The page of a council: who sits, who is not heard, what it decided and what is due."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from backlog.models import User
from council.models import Council
from tests.factories import backlog, people
from tests.factories import council as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def council(noor: User) -> Council:
    council = make.CouncilFactory.create(name="Customers' council", chair=noor)
    council.products.add(backlog.ProductFactory.create(name="Pay"))
    return council


def page(client: Client, council: Council) -> str:
    return client.get(f"/councils/{council.pk}/").content.decode()


def test_says_who_sits_since_when_and_who_is_not_heard(
    omar_pages: Client, council: Council, noor: User
) -> None:
    sales, support, legal = (
        people.DepartmentFactory.create(name=name) for name in ("Sales", "Support", "Legal")
    )
    seat = make.SeatFactory.create(council=council, department=sales)
    make.SeatFactory.create(council=council, department=support)
    make.SeatTermFactory.create(seat=seat, user=noor)

    context = omar_pages.get(f"/councils/{council.pk}/").context

    assert [(each.department, each.has_seat) for each in context["unheard"]] == [
        (legal, False),
        (support, True),
    ]
    assert "since" in page(omar_pages, council)


def test_says_what_it_decided_and_what_is_due(omar_pages: Client, council: Council) -> None:
    today = timezone.localdate()
    product = council.products.get()
    for number, days in enumerate((-3, 400)):
        make.DecisionFactory.create(
            council=council,
            request=backlog.RequestFactory.create(product=product, title=f"Request {number}"),
            verdict="defer",
            review_on=today + timedelta(days=days),
        )
    make.ActionItemFactory.create(council=council, title="Ask the bank", due_on=today)
    make.MeetingFactory.create(
        council=council, title="May", starts_at=timezone.now() + timedelta(days=3)
    )

    context = omar_pages.get(f"/councils/{council.pk}/").context

    assert [each.request.title for each in context["reviews"]] == ["Request 0"]
    assert len(context["decisions"]) == 2
    assert [each.title for each in context["actions"]] == ["Ask the bank"]
    assert [each.title for each, _forecast in context["meetings"]] == ["May"]


def test_names_no_product_that_is_closed_to_the_reader(
    omar_pages: Client, council: Council
) -> None:
    council.products.update(is_open=False)

    assert "Pay" not in page(omar_pages, council).partition('<div class="hb-page">')[2]


def test_is_found_in_the_list_and_by_the_palette(omar_pages: Client, council: Council) -> None:
    for address in ("/councils/", "/go/?q=customers"):
        assert f"/councils/{council.pk}/" in omar_pages.get(address).content.decode()
