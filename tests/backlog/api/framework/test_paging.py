"""Keyset paging: ties, nulls, both directions, and rows that come and go meanwhile."""

import itertools
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker
from rest_framework.test import APIClient

from backlog.models import CustomerRequest, Product
from backlog.rules import rank_keys
from tests.conftest import SameQueries
from tests.factories import NOON, backlog

LIST = "/api/v1/requests/"


def _pages(api: APIClient, address: str, direction: str = "next") -> Iterator[list[dict[str, Any]]]:
    following: str | None = address
    while following:
        answer = api.get(following)
        assert answer.status_code == 200, answer.data
        yield answer.data["results"]
        following = answer.data[direction]


def _keys(pages: Iterator[list[dict[str, Any]]]) -> list[str]:
    return [row["key"] for row in itertools.chain.from_iterable(pages)]


def _last_page(api: APIClient, address: str) -> str:
    """The address of the last page, from which one can only go back."""
    while following := api.get(address).data["next"]:
        address = following
    return address


def _make_requests(many: int, priority_of: Any) -> Product:
    product: Product = backlog.ProductFactory.create()
    CustomerRequest.objects.bulk_create(
        CustomerRequest(
            product=product,
            number=number,
            key=f"{product.prefix}-{number}",
            title="Pay faster",
            problem="Paying takes too long.",
            rank=rank,
            priority=priority_of(number),
            opened_at=NOON,
            status_changed_at=NOON,
        )
        for number, rank in enumerate(rank_keys.keys_between(None, None, many), start=1)
    )
    return product


def _open(product: Product, number: int) -> None:
    """One more, at any place of the lists."""
    backlog.RequestFactory.create(
        product=product,
        number=10_000 + number,
        priority=None if number % 4 == 0 else float(number % 3),
        rank=_some_rank(number * 200),
        opened_at=NOON + timedelta(minutes=number - 7),
    )


def _move(key: str, number: int) -> None:
    """To somewhere else in all of the lists, as people and the sweep do."""
    CustomerRequest.objects.filter(key=key).update(
        priority=None if number % 3 == 0 else float(number % 4),
        rank=_some_rank(3_000 - number * 190),
        opened_at=NOON + timedelta(minutes=7 - number),
    )


def _some_rank(place: int) -> str:
    """A free one right after the request in this place."""
    taken = CustomerRequest.objects.order_by("rank").values_list("rank", flat=True)
    [before, after] = taken[place % 2_900 :][:2]
    [free] = rank_keys.keys_between(before, after, 1)
    return free


@pytest.fixture(scope="class")
def ties_and_nulls(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Product]:
    """3,000 requests: three priorities that many share, and many without one.

    Made once for all tests of a class, which undo what they did themselves.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield _make_requests(3_000, lambda n: None if n % 5 == 0 else float(n % 3))
        transaction.set_rollback(True)


@pytest.mark.django_db
class TestTiesAndNulls:
    @pytest.mark.parametrize("ordering", ["priority", "-priority"])
    def test_shows_each_row_once_and_those_without_a_value_last(
        self, ordering: str, api: APIClient, ties_and_nulls: Product
    ) -> None:
        address = f"{LIST}?ordering={ordering}&page_size=190"

        rows = list(itertools.chain.from_iterable(_pages(api, address)))

        assert len(rows) == len({row["id"] for row in rows}) == 3_000
        values = [row["priority"]["value"] for row in rows]
        known = [value for value in values if value is not None]
        assert known == sorted(known, reverse=ordering.startswith("-"))
        assert values == known + [None] * 600

    @pytest.mark.parametrize("ordering", ["priority", "-priority", "-opened_at"])
    def test_reads_the_same_backwards(
        self, ordering: str, api: APIClient, ties_and_nulls: Product
    ) -> None:
        address = f"{LIST}?ordering={ordering}&page_size=200"
        forward = _keys(_pages(api, address))

        pages = [page[::-1] for page in _pages(api, _last_page(api, address), "previous")]

        assert _keys(iter(pages)) == forward[::-1]

    @pytest.mark.parametrize("direction", ["next", "previous"])
    @pytest.mark.parametrize("ordering", ["priority", "-priority", "rank", "-opened_at"])
    def test_shows_once_what_stays_while_others_come_go_and_move(
        self, ordering: str, direction: str, api: APIClient, ties_and_nulls: Product
    ) -> None:
        address = f"{LIST}?ordering={ordering}&page_size=200"
        start = address if direction == "next" else _last_page(api, address)
        stay = list(CustomerRequest.objects.order_by("key").values_list("key", flat=True))
        seen: Counter[str] = Counter()
        for number, page in enumerate(_pages(api, start, direction)):
            seen.update(row["key"] for row in page)
            _open(ties_and_nulls, number)
            _move(stay.pop(number * 7 % len(stay)), number)
            CustomerRequest.objects.get(key=stay.pop(number * 11 % len(stay))).delete()

        assert number >= 14
        assert {seen[key] for key in stay} == {1}


@pytest.mark.django_db
class TestDepth:
    def test_costs_what_the_first_page_costs(
        self, api: APIClient, queries: SameQueries, ties_and_nulls: Product
    ) -> None:
        first = f"{LIST}?ordering=-priority&page_size=200"
        deep = api.get(api.get(api.get(first).data["next"]).data["next"]).data["next"]

        with queries() as shallow_cost:
            api.get(first)
        with queries() as deep_cost:
            api.get(deep)

        assert len(deep_cost) == len(shallow_cost) == 1
        assert "OFFSET" not in deep_cost[0]["sql"]


class TestCost:
    def test_counts_only_when_asked(self, api: APIClient, queries: SameQueries) -> None:
        _make_requests(3, lambda n: 1.0)

        api.get(LIST)
        with queries() as without:
            assert "count" not in api.get(LIST).data
        with queries() as counted:
            assert api.get(f"{LIST}?count=true&page_size=1").data["count"] == 3

        assert len(counted) == len(without) + 1


class TestParameters:
    @pytest.mark.parametrize(
        "query",
        [
            "page_size=0",
            "page_size=201",
            "page_size=ten",
            "page_size=00000000000000000001",
            "page_size=",
            "count=maybe",
            "ordering=title",
            "ordering=",
            "cursor=nonsense",
            "cursor=",
        ],
    )
    def test_names_the_one_it_cannot_use(self, query: str, api: APIClient) -> None:
        answer = api.get(f"{LIST}?{query}")

        assert answer.status_code == 400
        assert answer.json()["errors"][0]["parameter"] == query.partition("=")[0]

    def test_takes_no_cursor_of_another_list(self, api: APIClient) -> None:
        _make_requests(3, lambda n: 1.0)
        cursor = api.get(f"{LIST}?page_size=1").data["next"].partition("cursor=")[2].split("&")[0]

        assert api.get(f"{LIST}?cursor={cursor}").status_code == 200
        assert api.get(f"/api/v1/feedback/?cursor={cursor}").status_code == 400
        assert api.get(f"{LIST}?ordering=rank&cursor={cursor}").status_code == 400

    def test_takes_no_cursor_that_was_changed(self, api: APIClient) -> None:
        _make_requests(3, lambda n: 1.0)
        following = api.get(f"{LIST}?page_size=1").data["next"]

        assert api.get(following.replace("cursor=", "cursor=x")).status_code == 400

    def test_shows_an_end_when_all_that_followed_is_gone(self, api: APIClient) -> None:
        _make_requests(3, lambda n: 1.0)
        following = api.get(f"{LIST}?page_size=1").data["next"]
        first = CustomerRequest.objects.order_by("-opened_at", "-pk").first()
        assert first is not None
        CustomerRequest.objects.exclude(pk=first.pk).delete()

        page = api.get(following).data

        assert (page["results"], page["next"]) == ([], None)
        assert [row["id"] for row in api.get(page["previous"]).data["results"]] == [first.pk]
