from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from backlog.models import (
    Commitment,
    CustomerRequest,
    Sprint,
    User,
)
from tests.conftest import SameQueries
from tests.factories import NOON, backlog, people

SPRINTS = "/api/v1/sprints/"
COMMITMENTS = "/api/v1/commitments/"

Acting = Callable[[User], APIClient]


class TestSprints:
    def test_are_planned_edited_started_and_closed(
        self, api: APIClient, approved: CustomerRequest
    ) -> None:
        said = {"product": "PAY", "name": "S1", "starts_on": "2026-03-02", "ends_on": "2026-03-13"}
        planned = api.post(SPRINTS, said, format="json")
        assert planned.status_code == 201, planned.data
        address = f"{SPRINTS}{planned.data['id']}/"

        assert (
            api.patch(address, {"goal": "Pay faster"}, headers={"if-match": "*"}).data["goal"]
            == "Pay faster"
        )
        assert api.post(f"{address}start/").data["status"] == "active"
        assert api.post(f"{address}close/").data["status"] == "closed"

    def test_do_not_close_before_each_commitment_has_an_outcome(
        self, api: APIClient, commitment: Commitment
    ) -> None:
        answer = api.post(f"{SPRINTS}{commitment.sprint.pk}/close/")

        assert (answer.status_code, answer.json()["code"]) == (409, "outcomes_missing")
        assert answer.json()["details"]["requests"] == [commitment.request.key]

    @pytest.mark.parametrize(
        ("change", "pointer"),
        [
            ({"product": "NONE"}, "#/product"),
            ({"starts_on": "tomorrow"}, "#/starts_on"),
            ({"ends_on": "2026-03-01"}, "#"),
            ({"name": ""}, "#/name"),
        ],
    )
    def test_point_at_what_is_wrong(
        self, change: dict[str, Any], pointer: str, api: APIClient, approved: CustomerRequest
    ) -> None:
        said = {"product": "PAY", "name": "S1", "starts_on": "2026-03-02", "ends_on": "2026-03-13"}

        answer = api.post(SPRINTS, said | change, format="json")

        assert answer.status_code == 422, answer.data
        assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]

    def test_are_planned_by_managers_only(self, noor: User, acting: Acting) -> None:
        assert acting(noor).post(SPRINTS, {}).status_code == 403


class TestCapacity:
    def test_is_set_for_a_department_and_taken_up_by_commitments(
        self, api: APIClient, commitment: Commitment
    ) -> None:
        people.DepartmentFactory.create(name="Design")
        capacities = f"{SPRINTS}{commitment.sprint.pk}/capacities/"
        efforts = f"{COMMITMENTS}{commitment.pk}/efforts/"

        api.post(capacities, {"department": "Design", "days": "4"}, format="json")
        taken = api.post(efforts, {"department": "Design", "days": 5.5}, format="json")
        [load] = api.get(capacities).data

        assert taken.data["efforts"][0]["days"] == "5.5"
        assert load["department"]["name"] == "Design"
        assert (load["planned"], load["used"], load["left"]) == ("4.0", "5.5", "-1.5")
        assert load["is_over"]
        api.post(capacities, {"department": "Design", "days": 0, "before": 4}, format="json")
        assert api.get(capacities).data[0]["planned"] is None

    @pytest.mark.parametrize("place", ["capacities", "efforts"])
    def test_takes_the_place_of_what_it_names_and_of_nothing_else(
        self, place: str, api: APIClient, commitment: Commitment
    ) -> None:
        people.DepartmentFactory.create(name="Design")
        of_sprint = f"{SPRINTS}{commitment.sprint.pk}/capacities/"
        of_commitment = f"{COMMITMENTS}{commitment.pk}/efforts/"
        url = of_sprint if place == "capacities" else of_commitment

        def put(days: int, **before: int) -> int:
            body = {"department": "Design", "days": days, **before}
            return api.post(url, body, format="json").status_code

        assert (put(4), put(4), put(6), put(6, before=5)) == (200, 200, 412, 412)
        assert put(6, before=4) == 200
        assert put(0) == 412

    @pytest.mark.parametrize(
        ("change", "pointer"),
        [
            ({"days": -1}, "#/days"),
            ({"days": "123456"}, "#/days"),
            ({"department": "X"}, "#/department"),
        ],
    )
    def test_points_at_what_is_wrong(
        self, change: dict[str, Any], pointer: str, api: APIClient, commitment: Commitment
    ) -> None:
        people.DepartmentFactory.create(name="Design")
        said = {"department": "Design", "days": 1} | change

        answer = api.post(f"{COMMITMENTS}{commitment.pk}/efforts/", said, format="json")

        assert answer.status_code == 422, answer.data
        assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]

    def test_costs_the_same_for_one_commitment_and_for_many(
        self, api: APIClient, commitment: Commitment, queries: SameQueries
    ) -> None:
        backlog.EffortFactory.create(commitment=commitment)
        capacities = f"{SPRINTS}{commitment.sprint.pk}/capacities/"
        api.get(COMMITMENTS)
        with queries() as few:
            api.get(COMMITMENTS)
            api.get(capacities)
        for _each in range(5):
            backlog.EffortFactory.create(commitment__sprint=commitment.sprint)
        with queries() as many:
            api.get(COMMITMENTS)
            api.get(capacities)

        assert len(many) == len(few)


class TestBurnUp:
    def test_tells_each_day_what_was_in_and_what_had_reached_users(
        self, api: APIClient, commitment: Commitment
    ) -> None:
        Sprint.objects.update(ends_on=NOON.date() + timedelta(days=4))
        backlog.OutcomeFactory.create(commitment=commitment, shipped_at=NOON + timedelta(days=2))

        days = api.get(f"{SPRINTS}{commitment.sprint.pk}/burn-up/").data

        assert [day["scope"] for day in days[:4]] == [1, 1, 1, 1]
        assert [day["done"] for day in days[:4]] == [0, 0, 1, 1]
        assert days[0]["on"] == "2026-03-02"
