"""What is taken can be read again by everybody; the rest is refused, and nothing is stored."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from backlog.models import Account, CustomerRequest, Feedback, Measurement, Outcome, User
from backlog.rules import bounds
from tests.factories import NOON, backlog

Acting = Callable[[User], APIClient]
V1 = "/api/v1/"


def fault(answer: Any) -> tuple[str, str]:
    assert answer.status_code == 422, answer.data
    [found] = answer.json()["errors"]
    return found["pointer"], found["code"]


def ahead(minutes: int) -> str:
    return (timezone.now() + timedelta(minutes=minutes)).isoformat()


@pytest.mark.django_db
class TestNumbers:
    @pytest.mark.parametrize("revenue", ["99999999999999.99", "10000000000000.00", "-0.01", "NaN"])
    def test_a_revenue_that_sqlite_could_not_read_back_is_refused(
        self, api: APIClient, revenue: str
    ) -> None:
        body = {"name": "Acme", "annual_revenue": revenue}

        assert fault(api.post(f"{V1}accounts/", body, format="json"))[0] == "#/annual_revenue"
        assert not Account.objects.exists()

    def test_the_largest_revenue_is_read_back_to_the_last_digit(self, api: APIClient) -> None:
        most = "9999999999999.99"
        api.post(f"{V1}accounts/", {"name": "Acme", "annual_revenue": most}, format="json")

        [row] = api.get(f"{V1}accounts/").data["results"]
        assert row["annual_revenue"] == most

    @pytest.mark.parametrize("mean", [999_999_999_999.9999, -999_999_999_999.9999, "100000000000"])
    def test_means_that_could_not_be_read_back_leave_nothing_stored(
        self, api: APIClient, mean: object
    ) -> None:
        address = f"{V1}outcomes/{backlog.OutcomeFactory.create().pk}/"
        sample = {"before_n": 9, "after_n": 9, "before_mean": mean, "after_mean": "1"}

        answer = api.post(f"{address}measure/", sample, format="json")

        assert fault(answer)[0] == "#/before_mean"
        assert not Measurement.objects.exists()
        assert api.get(f"{V1}outcomes/").status_code == 200

    def test_the_largest_means_are_measured_and_shown(
        self, api: APIClient, as_mina: Client
    ) -> None:
        outcome = backlog.OutcomeFactory.create()
        most = "99999999999.9999"
        sample = {
            "before_n": 2**31 - 1,
            "after_n": 2**31 - 1,
            "before_mean": f"-{most}",
            "after_mean": most,
            "before_spread": most,
            "after_spread": most,
        }

        api.post(f"{V1}outcomes/{outcome.pk}/measure/", sample, format="json")

        [shown] = api.get(f"{V1}outcomes/").data["results"][0]["measurements"]
        assert (shown["before_mean"], shown["after_mean"]) == (f"-{most}", most)
        assert as_mina.get(f"/requests/{outcome.request.key}/").status_code == 200


@pytest.mark.django_db
class TestMoments:
    @pytest.mark.parametrize(
        ("said_at", "code"),
        [
            (9 * 60, "in_the_future"),
            ("2099-01-01T00:00:00Z", "in_the_future"),
            (6, "in_the_future"),
            ("9999-12-31T23:59:59Z", "out_of_window"),
            ("9999-12-31T23:59:59-23:00", "overflow"),
            ("0001-01-01T00:00:00+23:00", "overflow"),
            ("1970-01-01T00:00:00Z", "out_of_window"),
        ],
    )
    def test_words_are_not_said_in_the_future_nor_before_there_were_any(
        self, api: APIClient, said_at: str | int, code: str
    ) -> None:
        said_at = said_at if isinstance(said_at, str) else ahead(said_at)
        source = backlog.SourceFactory.create()
        body = {"source": source.key, "verbatim": "결제가 느려요", "said_at": said_at}
        many = {"rows": [body, {**body, "said_at": ahead(2)}]}

        assert fault(api.post(f"{V1}feedback/", body, format="json")) == ("#/said_at", code)
        bulk = api.post(f"{V1}feedback/bulk/", many, format="json").data
        assert (bulk["refused"], bulk["created"]) == (1, 1)
        assert Feedback.objects.count() == 1

    def test_clocks_may_differ_by_a_few_minutes(self, api: APIClient) -> None:
        source = backlog.SourceFactory.create()
        body = {"source": source.key, "verbatim": "Slow", "said_at": ahead(3)}

        assert api.post(f"{V1}feedback/", body, format="json").status_code == 201

    @pytest.mark.parametrize("shipped_at", [9 * 60, "2099-01-01T00:00:00Z"])
    def test_nothing_has_shipped_that_is_yet_to_ship(
        self, api: APIClient, shipped_at: str | int
    ) -> None:
        shipped_at = shipped_at if isinstance(shipped_at, str) else ahead(shipped_at)
        commitment = backlog.CommitmentFactory.create(
            sprint__status="active", sprint__started_at=NOON, request__status="in_progress"
        )
        body = {
            "commitment": commitment.pk,
            "result": "delivered",
            "summary": {"en": "Done."},
            "shipped_at": shipped_at,
        }

        answer = api.post(f"{V1}outcomes/", body, format="json")

        assert fault(answer) == ("#/shipped_at", "in_the_future")
        assert not Outcome.objects.exists()

    @pytest.mark.parametrize(
        ("starts_on", "ends_on"),
        [("0001-01-01", "2026-03-02"), ("2026-03-02", "9999-12-31"), ("2026-01-01", "2027-01-03")],
    )
    def test_a_sprint_lies_in_the_window_and_lasts_a_year_at_most(
        self, api: APIClient, starts_on: str, ends_on: str
    ) -> None:
        product = backlog.ProductFactory.create()
        body = {"product": product.prefix, "name": "S", "starts_on": starts_on, "ends_on": ends_on}

        assert fault(api.post(f"{V1}sprints/", body, format="json"))[1] in {
            "out_of_window",
            "too_long",
        }


@pytest.mark.django_db
class TestTexts:
    def test_a_problem_has_a_length(self, api: APIClient) -> None:
        product = backlog.ProductFactory.create()
        body = {"product": product.prefix, "title": "Slow", "problem": "x" * (bounds.TEXT + 1)}

        answer = api.post(f"{V1}requests/", body, format="json")

        assert fault(answer) == ("#/problem", "max_length")
        assert not CustomerRequest.objects.exists()

    def test_a_list_shows_how_a_long_text_begins_and_the_row_all_of_it(
        self, api: APIClient
    ) -> None:
        words = "결제" * (bounds.VERBATIM // 2)
        row = backlog.FeedbackFactory.create(verbatim=words)

        [listed] = api.get(f"{V1}feedback/").data["results"]

        assert listed["verbatim"] == words[: bounds.EXCERPT - 1] + "…"
        assert api.get(f"{V1}feedback/{row.pk}/").data["verbatim"] == words

    def test_json_has_a_size(self, api: APIClient) -> None:
        source = backlog.SourceFactory.create()
        body = {"source": source.key, "verbatim": "Slow", "payload": {"k": "x" * bounds.PAYLOAD}}

        answer = api.post(f"{V1}feedback/", body, format="json")

        assert fault(answer) == ("#/payload", "too_large")

    def test_a_reason_that_is_too_long_leaves_nothing_done(self, api: APIClient) -> None:
        request = backlog.RequestFactory.create(status="new")
        body = {"status": "declined", "reason": "x" * (bounds.REASON + 1)}

        answer = api.post(f"{V1}requests/{request.key}/transition/", body, format="json")

        assert fault(answer) == ("#/reason", "max_length")
        request.refresh_from_db()
        assert request.status == "new"


@pytest.mark.django_db
def test_the_description_gives_ends_to_all_that_comes_in(api: APIClient) -> None:
    schema = api.get(f"{V1}schema/", {"format": "json"}).json()
    bodies = {
        media["schema"]["$ref"].rpartition("/")[2]
        for methods in schema["paths"].values()
        for facts in methods.values()
        for media in facts.get("requestBody", {}).get("content", {}).values()
    }

    free = {
        where for body in bodies for where in _free(schema["components"]["schemas"], body, set())
    }

    assert free == set()


def _free(schemas: Any, name: str, seen: set[str]) -> Iterator[str]:
    """Where a text, number or moment has no ends."""
    if name in seen:
        return
    seen.add(name)
    yield from _free_in(schemas, schemas[name], name, seen)


def _free_in(schemas: Any, schema: Any, where: str, seen: set[str]) -> Iterator[str]:
    if "$ref" in schema:
        yield from _free(schemas, schema["$ref"].rpartition("/")[2], seen)
    for name, inner in schema.get("properties", {}).items():
        yield from _free_in(schemas, inner, f"{where}.{name}", seen)
    for part in ("allOf", "oneOf"):
        for inner in schema.get(part, ()):
            yield from _free_in(schemas, inner, where, seen)
    if "items" in schema:
        if "maxItems" not in schema:
            yield f"{where}[]"
        yield from _free_in(schemas, schema["items"], f"{where}[]", seen)
    kinds = schema.get("type", ())
    kinds = {kinds} if isinstance(kinds, str) else set(kinds)
    ends = {"maxLength", "x-formatMinimum"} if "string" in kinds else {"maximum"}
    if kinds & {"string", "integer", "number"} and not (ends | {"enum"}) & set(schema):
        yield where
