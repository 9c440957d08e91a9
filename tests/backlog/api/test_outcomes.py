"""Outcomes by the API: recorded, announced and measured."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from backlog.models import (
    Commitment,
    Obligation,
    Outcome,
    User,
)
from tests.conftest import SameQueries
from tests.factories import backlog

OUTCOMES = "/api/v1/outcomes/"
Acting = Callable[[User], APIClient]


class TestOutcomes:
    def test_are_recorded_and_announced(self, api: APIClient, commitment: Commitment) -> None:
        backlog.EvidenceFactory.create(request=commitment.request)
        said = {
            "commitment": commitment.pk,
            "result": "delivered",
            "summary": {"ko": "이제 빨라요.", "en": "It is fast now."},
        }

        recorded = api.post(OUTCOMES, said, format="json")
        assert recorded.status_code == 201, recorded.data
        assert recorded.data["shipped_at"] is not None
        assert Obligation.objects.get().released_at is None

        announced = api.post(f"{OUTCOMES}{recorded.data['id']}/announce/")
        assert announced.data["announced_by"]["name"] == "Mina"
        assert Obligation.objects.get().released_at is not None
        assert len(api.get(f"{OUTCOMES}?announced=yes&product=PAY").data["results"]) == 1

    @pytest.mark.parametrize(
        ("change", "pointer"),
        [
            ({"result": "maybe"}, "#/result"),
            ({"summary": {"fr": "Vite."}}, "#/summary/fr"),
            ({"summary": {}}, "#/summary"),
            ({"summary": {"ko": "  "}}, "#/summary"),
            ({"summary": "Fast."}, "#/summary"),
            ({"result": "partly"}, "#/missing"),
            ({"commitment": 404}, "#/commitment"),
        ],
    )
    def test_point_at_what_is_wrong(
        self, change: dict[str, Any], pointer: str, api: APIClient, commitment: Commitment
    ) -> None:
        said = {"commitment": commitment.pk, "result": "delivered", "summary": {"ko": "빨라요."}}

        answer = api.post(OUTCOMES, said | change, format="json")

        assert answer.status_code == 422, answer.data
        assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
        assert not Outcome.objects.exists()

    def test_are_recorded_by_managers_only(
        self, noor: User, acting: Acting, commitment: Commitment
    ) -> None:
        outcome = backlog.OutcomeFactory.create()

        assert acting(noor).post(OUTCOMES, {}).status_code == 403
        assert acting(noor).post(f"{OUTCOMES}{outcome.pk}/announce/").status_code == 403


class TestMeasuring:
    SHARES = {"before_n": 1200, "before_conversions": 144, "after_n": 1200}

    def test_gives_the_verdict_with_its_interval(self, api: APIClient) -> None:
        outcome = backlog.OutcomeFactory.create(shipped_where="App 5.2")
        address = f"{OUTCOMES}{outcome.pk}/measure/"

        first = api.post(address, self.SHARES | {"after_conversions": 150}, format="json")
        assert first.status_code == 200, first.data
        assert first.data["measurements"][0]["verdict"] == "no_real_change"
        second = api.post(
            address, self.SHARES | {"after_conversions": 192, "design": "ab"}, format="json"
        )

        [latest, earlier] = second.data["measurements"]
        assert (latest["verdict"], earlier["verdict"]) == ("better", "no_real_change")
        assert (latest["design"], latest["measured_by"]["name"]) == ("ab", "Mina")
        assert latest["difference"]["value"] == pytest.approx(4.0)
        assert 0 < latest["difference"]["low"] < 4 < latest["difference"]["high"]
        assert second.data["shipped_where"] == "App 5.2"

    @pytest.mark.parametrize(
        ("said", "pointer"),
        [
            ({"after_conversions": 1201}, "#/after_conversions"),
            ({"after_conversions": -1}, "#/after_conversions"),
            ({}, "#/after_conversions"),
            ({"after_conversions": 1, "before_n": 0}, "#/before_n"),
            ({"after_conversions": 1, "before_n": 2**31}, "#/before_n"),
            ({"after_conversions": 1, "before_mean": "2.5"}, "#/before_conversions"),
            ({"after_conversions": 1, "design": "guess"}, "#/design"),
        ],
    )
    def test_points_at_figures_that_cannot_be(
        self, said: dict[str, Any], pointer: str, api: APIClient, db: None
    ) -> None:
        outcome = backlog.OutcomeFactory.create()

        answer = api.post(f"{OUTCOMES}{outcome.pk}/measure/", self.SHARES | said, format="json")

        assert answer.status_code == 422, answer.data
        assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
        assert not outcome.measurements.exists()

    def test_is_refused_where_nothing_was_shipped(self, api: APIClient, db: None) -> None:
        outcome = backlog.OutcomeFactory.create(result="not_delivered", shipped_at=None)
        said = self.SHARES | {"after_conversions": 1}

        answer = api.post(f"{OUTCOMES}{outcome.pk}/measure/", said, format="json")

        assert (answer.status_code, answer.json()["code"]) == (409, "nothing_shipped")

    def test_costs_a_list_the_same_for_one_and_for_many(
        self, api: APIClient, queries: SameQueries
    ) -> None:
        backlog.MeasurementFactory.create()
        api.get(OUTCOMES)
        with queries() as few:
            api.get(OUTCOMES)
        backlog.MeasurementFactory.create_batch(5)
        with queries() as many:
            assert len(api.get(OUTCOMES).data["results"]) == 6

        assert len(many) == len(few)

    def test_is_for_managers(self, noor: User, acting: Acting) -> None:
        outcome = backlog.OutcomeFactory.create()

        assert acting(noor).post(f"{OUTCOMES}{outcome.pk}/measure/", {}).status_code == 403
