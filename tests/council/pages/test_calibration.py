"""Whether a council was right: counted over what was answered, as far as the reader may see it."""

import pytest
from django.test import Client

from council.models import Council
from tests.conftest import SameQueries
from tests.factories import council as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def council() -> Council:
    council: Council = make.CouncilFactory.create(name="Customers' council")
    return council


def answered(council: Council, n: int, **facts: object) -> None:
    for number in range(n):
        make.PredictionFactory.create(
            decision__council=council, measure=f"measure {number}", **facts
        )


def page(client: Client, council: Council) -> str:
    return client.get(f"/councils/{council.pk}/calibration/").content.decode()


def test_says_that_nothing_was_answered(omar_pages: Client, council: Council) -> None:
    answered(council, 1)

    assert "Nothing that was expected as a figure has been answered yet" in page(
        omar_pages, council
    )


def test_says_that_they_are_too_few(omar_pages: Client, council: Council) -> None:
    answered(council, 3, result="hit")

    said = page(omar_pages, council)

    assert "Too few to say whether it is right as often as it thinks." in said
    assert "n = 3" in said


def test_holds_how_sure_it_was_against_what_came_true(omar_pages: Client, council: Council) -> None:
    answered(council, 5, result="hit", probability=90)
    answered(council, 30, result="missed", probability=90)

    assert "It is surer than it is right." in page(omar_pages, council)


def test_shows_nothing_of_products_that_the_reader_may_not_see(
    omar_pages: Client, council: Council
) -> None:
    answered(council, 2, result="hit", decision__request__product__is_open=False)

    assert "measure 0" not in page(omar_pages, council)


def test_is_led_to_from_the_council(omar_pages: Client, council: Council) -> None:
    address = f"/councils/{council.pk}/calibration/"

    assert address in omar_pages.get(f"/councils/{council.pk}/").content.decode()


def test_costs_the_same_for_many(
    omar_pages: Client, council: Council, queries: SameQueries
) -> None:
    answered(council, 1, result="hit")
    page(omar_pages, council)
    with queries() as few:
        page(omar_pages, council)

    answered(council, 6, result="missed")
    with queries() as many:
        assert "n = 7" in page(omar_pages, council)

    assert len(many) == len(few)
