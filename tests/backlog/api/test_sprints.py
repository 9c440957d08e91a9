from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from backlog.models import (
    Commitment,
    CustomerRequest,
    Obligation,
    Outcome,
    Product,
    Sprint,
    User,
)
from tests.conftest import SameQueries
from tests.factories import NOON, backlog, people

SPRINTS = "/api/v1/sprints/"
COMMITMENTS = "/api/v1/commitments/"
OUTCOMES = "/api/v1/outcomes/"

Acting = Callable[[User], APIClient]


@pytest.fixture
def approved(db: None) -> CustomerRequest:
    made: CustomerRequest = backlog.RequestFactory.create(
        product__prefix="PAY", number=1, status="approved"
    )
    return made


@pytest.fixture
def running(approved: CustomerRequest) -> Sprint:
    made: Sprint = backlog.SprintFactory.create(
        product=approved.product, status="active", started_at=NOON
    )
    return made


@pytest.fixture
def commitment(running: Sprint) -> Commitment:
    made: Commitment = backlog.CommitmentFactory.create(
        sprint=running, request__status="in_progress"
    )
    return made


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


class TestCommitments:
    def test_take_a_request_in_and_give_it_back(self, api: APIClient, running: Sprint) -> None:
        said = {"sprint": running.pk, "request": "PAY-1", "hypothesis": "Fewer calls.", "target": 3}

        made = api.post(COMMITMENTS, said, format="json")
        assert made.status_code == 201, made.data
        assert (made.data["request"]["key"], made.data["target"]) == ("PAY-1", "3.0000")
        assert api.get("/api/v1/requests/PAY-1/").data["status"] == "in_progress"

        given_back = api.post(f"{COMMITMENTS}{made.data['id']}/withdraw/", {"reason": "Too big."})
        assert given_back.data["withdrawn_at"] is not None
        assert api.get("/api/v1/requests/PAY-1/").data["status"] == "approved"
        assert api.get(f"{COMMITMENTS}?live=yes").data["results"] == []

    def test_take_nothing_that_was_not_approved(self, api: APIClient, running: Sprint) -> None:
        CustomerRequest.objects.update(status="new")

        answer = api.post(COMMITMENTS, {"sprint": running.pk, "request": "PAY-1"}, format="json")

        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
        assert not Commitment.objects.exists()


class TestTermsOfACommitment:
    def test_are_edited_by_whoever_read_them(self, api: APIClient, commitment: Commitment) -> None:
        address = f"{COMMITMENTS}{commitment.pk}/"
        etag = api.get(address)["ETag"]
        said = {"measure": "calls", "target": "20", "baseline": None, "is_pilot": True}

        answer = api.patch(address, said, format="json", headers={"if-match": etag})

        assert (answer.status_code, answer["ETag"][:3]) == (200, '"2-'), answer.data
        assert answer.data == api.get(address).data
        told = {name: answer.data[name] for name in (*said, "version")}
        assert told == said | {"target": "20.0000", "version": 2}

    @pytest.mark.parametrize(
        ("headers", "status", "code"),
        [({}, 428, "version_required"), ({"if-match": '"7"'}, 412, "version_conflict")],
    )
    def test_are_not_edited_by_whoever_did_not(
        self,
        headers: dict[str, str],
        status: int,
        code: str,
        api: APIClient,
        commitment: Commitment,
    ) -> None:
        answer = api.patch(f"{COMMITMENTS}{commitment.pk}/", {"measure": "calls"}, headers=headers)

        assert (answer.status_code, answer.json()["code"]) == (status, code)
        commitment.refresh_from_db()
        assert commitment.measure == ""

    def test_are_overwritten_by_whoever_says_so(
        self, api: APIClient, commitment: Commitment
    ) -> None:
        answer = api.patch(
            f"{COMMITMENTS}{commitment.pk}/", {"measure": "calls"}, headers={"if-match": "*"}
        )

        assert answer.data["measure"] == "calls"

    @pytest.mark.parametrize(
        ("spoil", "code"),
        [
            (lambda row: type(row).objects.update(withdrawn_at=NOON), "commitment_withdrawn"),
            (
                lambda row: Sprint.objects.update(status="closed", closed_at=NOON),
                "sprint_closed",
            ),
            (lambda row: backlog.OutcomeFactory.create(commitment=row), "outcome_on_record"),
        ],
    )
    def test_are_left_when_a_rule_says_no(
        self,
        spoil: Callable[[Commitment], object],
        code: str,
        api: APIClient,
        commitment: Commitment,
    ) -> None:
        spoil(commitment)

        answer = api.patch(
            f"{COMMITMENTS}{commitment.pk}/",
            {"target": 3},
            format="json",
            headers={"if-match": "*"},
        )

        assert (answer.status_code, answer.json()["code"]) == (409, code)

    @pytest.mark.parametrize(
        ("said", "pointer"),
        [
            ({"measure": "x" * 201}, "#/measure"),
            ({"target": "much"}, "#/target"),
            ({"is_pilot": "yes"}, "#/is_pilot"),
            ({"hypothesis": None}, "#/hypothesis"),
            ({"sprint": 1}, "#/sprint"),
        ],
    )
    def test_point_at_what_is_wrong(
        self, said: dict[str, Any], pointer: str, api: APIClient, commitment: Commitment
    ) -> None:
        answer = api.patch(
            f"{COMMITMENTS}{commitment.pk}/", said, format="json", headers={"if-match": "*"}
        )

        assert answer.status_code == 422, answer.data
        assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]

    def test_are_edited_by_managers_only(
        self, noor: User, acting: Acting, commitment: Commitment
    ) -> None:
        answer = acting(noor).patch(f"{COMMITMENTS}{commitment.pk}/", {"measure": "calls"})

        assert answer.status_code == 403

    def test_are_not_there_for_those_who_may_not_see_the_product(
        self, api: APIClient, commitment: Commitment
    ) -> None:
        Product.objects.update(is_open=False)

        answer = api.patch(f"{COMMITMENTS}{commitment.pk}/", {}, headers={"if-match": "*"})

        assert answer.status_code == 404


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
        api.post(capacities, {"department": "Design", "days": 0}, format="json")
        assert api.get(capacities).data[0]["planned"] is None

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
