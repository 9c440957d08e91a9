"""Pages of a list in the address."""

import pytest
from django.http import QueryDict

from backlog.models import Customer
from backlog.pages import paging
from tests.factories.backlog import CustomerFactory

pytestmark = pytest.mark.django_db


def shown(query: str, *, size: int = 3) -> paging.Page[Customer]:
    return paging.newest_first(Customer.objects.all(), QueryDict(query), size=size)


def names(page: paging.Page[Customer]) -> str:
    return "".join(row.name for row in page.rows)


@pytest.fixture(autouse=True)
def customers() -> None:
    for name in "abcdefgh":
        CustomerFactory.create(name=name)


class TestNewestFirst:
    def test_walks_to_the_oldest_and_back(self) -> None:
        first = shown("q=x")
        second = shown(first.older[1:])
        third = shown(second.older[1:])

        assert [names(each) for each in (first, second, third)] == ["hgf", "edc", "ba"]
        assert (first.newer, third.older) == ("", "")
        assert names(shown(third.newer[1:])) == "edc"
        assert names(shown(second.newer[1:])) == "hgf"

    def test_keeps_the_filters(self) -> None:
        assert shown("q=x&q=y").older.startswith("?q=x&q=y&before=")

    def test_shows_rows_once_while_new_ones_come(self) -> None:
        first = shown("")
        CustomerFactory.create(name="new")

        assert names(shown(first.older[1:])) == "edc"

    @pytest.mark.parametrize("cursor", ["before=x", "before=", "after=²", "before=" + "9" * 30])
    def test_begins_at_the_newest_where_the_address_makes_no_sense(self, cursor: str) -> None:
        assert names(shown(cursor)) == "hgf"
