"""What is sent is counted before it is looked at: no call costs more than its size."""

import json
import time
from typing import Any

import pytest
from django.test import Client

from backlog.models import User
from tests.factories import backlog

BULK = "/api/v1/feedback/bulk/"
SINGLE = "/api/v1/feedback/"


def _post(browser: Client, to: str, body: Any) -> Any:
    return browser.post(to, json.dumps(body), content_type="application/json")


def _row(keys: int, **fields: Any) -> dict[str, Any]:
    return {**{f"unknown{number}": 1 for number in range(keys)}, **fields}


class TestUnknownFields:
    def test_are_named_up_to_a_few_and_then_counted(self, as_mina: Client) -> None:
        answer = _post(as_mina, SINGLE, _row(600))

        errors = answer.json()["errors"]
        assert answer.status_code == 422
        assert len(errors) == 21
        assert errors[-1] == {
            "pointer": "#",
            "code": "unknown_field",
            "detail": errors[-1]["detail"],
        }
        assert "580" in errors[-1]["detail"]

    def test_are_cut_where_their_names_are_long(self, as_mina: Client) -> None:
        answer = _post(as_mina, SINGLE, {"a" * 1_000_000: 1})

        assert len(answer.content) < 1_000


class TestManyRows:
    def test_tell_a_page_of_faults_and_count_the_rest(self, as_mina: Client) -> None:
        answer = _post(as_mina, BULK, {"rows": [_row(600) for _ in range(500)]})

        results = answer.json()["results"]
        told = [len(each["problem"].get("errors", [])) for each in results]
        counted = [each["problem"].get("details", {}).get("more_errors", 0) for each in results]
        assert answer.json()["refused"] == len(results) == 500
        assert sum(told) == 50
        assert sum(told) + sum(counted) == 500 * 21
        assert len(answer.content) < 200_000

    def test_cost_little_more_than_reading_them(self, as_mina: Client) -> None:
        """Measured against the reading of the same text by JSON's parser, ten times over."""
        body = {"rows": [_row(1_000) for _ in range(500)]}
        text = json.dumps(body)
        start = time.process_time()
        for _again in range(10):
            json.loads(text)
        parsing = time.process_time() - start

        start = time.process_time()
        as_mina.post(BULK, text, content_type="application/json")

        assert time.process_time() - start < parsing + 5

    @pytest.mark.parametrize("row", [None, 1, "x", [], {}], ids=str)
    def test_beyond_the_limit_are_not_looked_at(self, row: Any, as_mina: Client) -> None:
        answer = _post(as_mina, BULK, {"rows": [row] * 400_000})

        assert answer.status_code == 422
        assert [each["pointer"] for each in answer.json()["errors"]] == ["#/rows"]
        assert answer.json()["errors"][0]["code"] == "max_length"

    def test_of_another_list_neither(self, as_mina: Client) -> None:
        said = {"title": "Pay faster", "problem": "Slow.", "product": 1, "feedback": [1] * 400_000}
        answer = _post(as_mina, "/api/v1/requests/", said)

        assert "#/feedback" in [each["pointer"] for each in answer.json()["errors"]]
        assert len(answer.content) < 2_000


class TestPayloads:
    @pytest.mark.parametrize(
        "payload",
        [{"n": [0] * 3_000_000}, {"n": ["\u00e9"] * 900_000}, {f"k{n}": n for n in range(400_000)}],
        ids=["numbers", "texts", "keys"],
    )
    def test_that_are_too_large_are_refused(
        self, payload: dict[str, Any], as_mina: Client, mina: User
    ) -> None:
        source = backlog.SourceFactory.create()
        said = {"source": source.key, "verbatim": "Slow.", "payload": payload}

        answer = _post(as_mina, SINGLE, said)

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "#/payload"
