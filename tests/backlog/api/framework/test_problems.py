"""Errors: each is problem details with a stable code, and says where the fault is."""

import json
from typing import Any

import pytest
from django.test import Client
from rest_framework import exceptions
from rest_framework.test import APIClient

from backlog import errors
from backlog.api.framework import problems
from backlog.models import User
from backlog.operations import api_tokens
from tests.factories import NOON, backlog

REQUESTS = "/api/v1/requests/"


def _problem(answer: Any, status: int) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(answer.content)
    assert answer.status_code == status, body
    assert answer["Content-Type"] == "application/problem+json"
    assert body["status"] == status
    assert body.keys() >= {"type", "title", "status", "detail", "code"}
    return body


def _secret(owner: User) -> str:
    _token, secret = api_tokens.issue_token(
        owner=owner, name="Survey", scopes=api_tokens.SCOPES, lasts=None, by=owner, at=NOON
    )
    return secret


class TestMalformed:
    @pytest.mark.parametrize(
        "body",
        [b"{", b"\xff\xfe", b'{"title": NaN}', b"[" * 100_000, b'{"a":' * 50_000],
        ids=["unclosed", "not-utf-8", "not-a-number", "deep-list", "deep-object"],
    )
    def test_says_so(self, body: bytes, as_mina: Client) -> None:
        answer = as_mina.post(REQUESTS, body, content_type="application/json")

        assert _problem(answer, 400)["code"] == "parse_error"

    @pytest.mark.parametrize("way", ["session", "token"])
    def test_takes_no_body_beyond_its_limit(self, way: str, as_mina: Client, mina: User) -> None:
        body = json.dumps({"title": "x" * (10 * 2**20)})
        if way == "token":
            as_mina = Client(headers={"authorization": f"Bearer {_secret(mina)}"})

        answer = as_mina.post(REQUESTS, body, content_type="application/json")

        assert _problem(answer, 413)["code"] == "body_too_large"

    def test_takes_json_only(self, as_mina: Client) -> None:
        answer = as_mina.post(REQUESTS, b"<title/>", content_type="application/xml")

        assert _problem(answer, 415)["code"] == "unsupported_media_type"

    def test_answers_json_only(self, as_mina: Client) -> None:
        answer = as_mina.get(REQUESTS, headers={"accept": "text/csv"})

        assert _problem(answer, 406)["code"] == "not_acceptable"


class TestAddress:
    @pytest.mark.parametrize(
        "address",
        [
            "/api/v1/",
            "/api/v1/requests",
            "/api/v1/wishes/",
            "/api/v1/requests/PAY-404/",
            "/api/v1/requests/999999999999999999999999999/",
            "/api/v1/requests/PAY-1%00/",
            "/api/v1/accounts/-1/",
            "/api/v1/products/999999999999999999999999999/",
            "/api/v1/requests/PAY-404/evidence/",
            "/api/v1/requests/999999999999999999999999999/assessments/",
        ],
    )
    def test_where_nothing_is_says_so(self, address: str, as_mina: Client) -> None:
        assert _problem(as_mina.get(address), 404)["code"] == "not_found"

    @pytest.mark.parametrize("method", ["put", "delete", "patch", "trace"])
    def test_with_a_method_that_it_lacks_says_so(self, method: str, as_mina: Client) -> None:
        answer = getattr(as_mina, method)(f"{REQUESTS}?status=new")

        assert _problem(answer, 405)["code"] == "method_not_allowed"

    def test_a_row_takes_no_parameters(self, as_mina: Client) -> None:
        row = backlog.RequestFactory.create()

        answer = as_mina.get(f"{REQUESTS}{row.key}/?status=new")

        assert _problem(answer, 400)["errors"][0]["parameter"] == "status"

    @pytest.mark.parametrize(
        ("query", "parameter"),
        [
            ("status=excellent", "status"),
            ("status=new&status=excellent", "status"),
            ("priority_min=high", "priority_min"),
            ("opened_after=yesterday", "opened_after"),
            ("on_board=perhaps", "on_board"),
            ("q=%00", "q"),
            ("q=", "q"),
            ("customer=", "customer"),
            ("customer=0.5", "customer"),
            ("customer=Minsu", "customer"),
            ("opened_after=+", "opened_after"),
        ],
    )
    def test_with_an_impossible_filter_names_it(
        self, query: str, parameter: str, as_mina: Client
    ) -> None:
        problem = _problem(as_mina.get(f"{REQUESTS}?{query}"), 400)

        assert [fault["parameter"] for fault in problem["errors"]] == [parameter]

    def test_with_a_misspelt_parameter_says_which_was_meant(self, as_mina: Client) -> None:
        problem = _problem(as_mina.get(f"{REQUESTS}?page_sise=2"), 400)

        assert "“page_size”" in problem["errors"][0]["detail"]

    def test_with_a_parameter_like_no_other_says_which_there_are(self, as_mina: Client) -> None:
        problem = _problem(as_mina.get(f"{REQUESTS}?limit=2"), 400)

        assert "page_size" in problem["errors"][0]["detail"]


class TestBody:
    def test_with_unknown_fields_names_each(self, api: APIClient) -> None:
        answer = api.post(REQUESTS, {"colour": "red", "size": 3}, format="json")

        problem = _problem(answer, 422)
        assert [(each["pointer"], each["code"]) for each in problem["errors"]] == [
            ("#/colour", "unknown_field"),
            ("#/size", "unknown_field"),
        ]

    def test_with_a_misspelt_field_says_which_was_meant(self, as_mina: Client) -> None:
        answer = as_mina.post(REQUESTS, '{"titel": "Slow"}', content_type="application/json")

        (fault, *_) = _problem(answer, 422)["errors"]
        assert "“title”" in fault["detail"]

    def test_with_a_field_like_no_other_says_which_there_are(self, as_mina: Client) -> None:
        answer = as_mina.post(REQUESTS, '{"colour": "red"}', content_type="application/json")

        (fault, *_) = _problem(answer, 422)["errors"]
        assert "problem, product" in fault["detail"]

    @pytest.mark.parametrize("body", ["[]", '"words"', "3", "null"])
    def test_that_is_no_object_is_refused(self, body: str, as_mina: Client) -> None:
        answer = as_mina.post(REQUESTS, body, content_type="application/json")

        assert _problem(answer, 422)["errors"][0]["pointer"] == "#"

    @pytest.mark.parametrize("words", ["a\x00b", "half \ud83d a smile"])
    def test_with_text_that_cannot_be_stored_is_refused(self, words: str, as_mina: Client) -> None:
        product = backlog.ProductFactory.create()
        said = {"product": product.prefix, "title": words, "problem": "It is slow."}

        answer = as_mina.post(REQUESTS, json.dumps(said), content_type="application/json")

        assert _problem(answer, 422)["errors"][0]["pointer"] == "#/title"


class TestProblemOf:
    def test_of_a_refusal_has_its_code_and_details(self) -> None:
        problem = problems.problem_of(errors.IllegalTransition("Not now.", status="new"))

        assert problem is not None
        assert problem.as_dict() == {
            "type": "about:blank",
            "title": "Conflict",
            "status": 409,
            "detail": "Not now.",
            "code": "illegal_transition",
            "details": {"status": "new"},
        }

    def test_of_an_invalid_value_points_at_it(self) -> None:
        problem = problems.problem_of(errors.Invalid("No.", field="answers.re/ach", code="off"))

        assert problem is not None
        assert problem.status == 422
        assert problem.errors == [{"pointer": "#/answers/re~1ach", "code": "off", "detail": "No."}]

    def test_of_nested_faults_points_at_each(self) -> None:
        error = exceptions.ValidationError(
            {"rows": [{}, {"name": ["Too long."]}], "non_field_errors": ["Choose one."]}
        )

        problem = problems.problem_of(error)

        assert problem is not None
        assert [each["pointer"] for each in problem.errors] == ["#/rows/1/name", "#"]

    def test_of_too_many_requests_says_when_to_come_back(self) -> None:
        problem = problems.problem_of(exceptions.Throttled(wait=2.3))

        assert problem is not None
        assert (problem.status, problem.headers) == (429, {"Retry-After": "3"})

    def test_of_a_bug_there_is_none(self) -> None:
        assert problems.problem_of(KeyError("title")) is None
