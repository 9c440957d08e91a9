"""Input that nobody means: too large, too deep, of the wrong type, beyond every number."""

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from backlog.models import User
from tests.factories import backlog

DIGITS = "9" * 5_000  # More than Python turns into a number.


@pytest.fixture
def survey(db: None) -> str:
    return str(backlog.SourceFactory.create(key="survey").key)


class TestNumbers:
    @pytest.mark.parametrize(
        "address",
        [
            f"requests/{DIGITS}/",
            f"customers/{DIGITS}/",
            f"requests/{DIGITS}/evidence/",
            "requests/１２/",
        ],
    )
    def test_beyond_every_id_find_nothing(self, address: str, as_mina: Client) -> None:
        assert as_mina.get(f"/api/v1/{address}").status_code == 404

    @pytest.mark.parametrize(
        "query",
        [
            f"requests/?product={DIGITS}",
            f"requests/?owner={DIGITS}",
            f"events/?subject=request:{DIGITS}",
            "customers/?account=9223372036854775808",
            "requests/?priority_min=1e-400",
            "requests/?priority_max=-1e49",
            "requests/?opened_after=2026-11-20T12:00:00-16:21",
        ],
    )
    def test_beyond_every_value_narrow_to_nothing_or_everything(
        self, query: str, as_mina: Client
    ) -> None:
        assert as_mina.get(f"/api/v1/{query}").status_code == 200

    @pytest.mark.parametrize(
        "query",
        [
            *("page_size=1e9", "priority_min=1e999", "priority_min=NaN", f"customer={DIGITS}"),
            *("opened_after=0001-01-01T00:00:00%2B01:00", "opened_after=9999-12-31T23:59:59-01:00"),
        ],
    )
    def test_that_are_none_are_refused(self, query: str, as_mina: Client) -> None:
        assert as_mina.get(f"/api/v1/requests/?{query}").status_code == 400

    def test_beyond_every_version_are_not_the_one_it_has(self, api: APIClient) -> None:
        row = backlog.RequestFactory.create()

        answer = api.patch(f"/api/v1/requests/{row.key}/", {}, headers={"If-Match": f'"{DIGITS}"'})

        assert answer.status_code == 412

    @pytest.mark.parametrize("number", ["1e400", "-1e400"])
    def test_that_no_database_stores_are_refused(
        self, number: str, as_mina: Client, survey: str
    ) -> None:
        body = f'{{"source": "{survey}", "verbatim": "느려요", "payload": {{"n": [{number}]}}}}'

        answer = as_mina.post("/api/v1/feedback/", body, content_type="application/json")

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["code"] == "not_finite"

    def test_longer_than_anybody_counts_are_no_json(self, as_mina: Client) -> None:
        body = f'{{"source": {DIGITS}, "verbatim": "느려요"}}'

        answer = as_mina.post("/api/v1/feedback/", body, content_type="application/json")

        assert answer.status_code == 400


WRONG = [True, 1.5, [], [[1]], {}, {"a": 1}, None, "\x00", "\ud800"]
NAMES = ["source", "verbatim", "external_id", "customer", "product", "language", "said_at"]
MAY_BE_EMPTY = [("product", None), ("said_at", None)]
WRONG_TYPES = [it for it in itertools.product(NAMES, WRONG) if it not in MAY_BE_EMPTY]


class TestTypes:
    @pytest.mark.parametrize(("name", "wrong"), WRONG_TYPES)
    def test_that_are_wrong_are_pointed_at(
        self, name: str, wrong: Any, as_mina: Client, survey: str
    ) -> None:
        body = {"source": survey, "verbatim": "느려요", name: wrong}

        answer = as_mina.post("/api/v1/feedback/", json.dumps(body), "application/json")

        assert answer.status_code == 422
        assert {fault["pointer"].split("/")[1] for fault in answer.json()["errors"]} == {name}


class TestNames:
    def test_that_no_text_can_hold_are_named_all_the_same(self, as_mina: Client) -> None:
        body = json.dumps({"\ud800": 1})

        answer = as_mina.post("/api/v1/feedback/", body, content_type="application/json")

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "#/?"


class TestCursor:
    def test_of_somebody_else_shows_only_ones_own(
        self, mina: User, omar: User, acting: Callable[[User], APIClient]
    ) -> None:
        closed = backlog.ProductFactory.create(is_open=False)
        closed.grants.create(user=mina)
        for product in (closed, backlog.ProductFactory.create()) * 3:
            backlog.RequestFactory.create(product=product)
        following = acting(mina).get("/api/v1/requests/?page_size=1").data["next"]

        seen = acting(omar).get(following)

        assert seen.status_code == 200
        assert closed.prefix not in {row["product"]["prefix"] for row in seen.data["results"]}
        assert acting(omar).get(seen.data["previous"]).status_code == 200
