"""What stands below a request: evidence, one's own assessments, the explanation."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from backlog.models import Assessment, CustomerRequest, Evidence, User
from backlog.operations import scoring_models
from tests.factories import NOON, backlog, people

Acting = Callable[[User], APIClient]


@pytest.fixture
def slow(db: None) -> CustomerRequest:
    model = scoring_models.install_preset(key="impact_feasibility", by=None, at=NOON)
    made: CustomerRequest = backlog.RequestFactory.create(product__scoring_model=model)
    return made


def _below(request: CustomerRequest, name: str) -> str:
    return f"/api/v1/requests/{request.key}/{name}/"


class TestEvidence:
    def test_is_linked_and_unlinked(self, api: APIClient, slow: CustomerRequest) -> None:
        words = backlog.FeedbackFactory.create(verbatim="Paying is slow. The rest is fine.")
        said = {"feedback": words.pk, "end": 15, "importance": 3}

        linked = api.post(_below(slow, "evidence"), said, format="json")
        assert linked.status_code == 201, linked.data
        assert linked.data["excerpt"] == "Paying is slow."
        assert linked.data["linked_by"]["name"] == "Mina"

        address = f"{_below(slow, 'evidence')}{linked.data['id']}/unlink/"
        unlinked = api.post(address, {"reason": "It is about another matter."})
        assert unlinked.status_code == 200
        assert unlinked.data["unlinked_at"] is not None

    def test_is_linked_once(self, api: APIClient, slow: CustomerRequest) -> None:
        said = {"feedback": backlog.FeedbackFactory.create().pk}
        api.post(_below(slow, "evidence"), said, format="json")

        answer = api.post(_below(slow, "evidence"), said, format="json")

        assert (answer.status_code, answer.json()["code"]) == (409, "already_linked")

    @pytest.mark.parametrize(
        ("change", "pointer"),
        [
            ({"feedback": 404}, "#/feedback"),
            ({"start": -1}, "#/start"),
            ({"end": 10_000}, "#/end"),
            ({"end": 10**12}, "#/end"),
            ({"start": 5, "end": 5}, "#/end"),
            ({"importance": 4}, "#/importance"),
        ],
    )
    def test_points_at_what_is_wrong(
        self, change: dict[str, Any], pointer: str, api: APIClient, slow: CustomerRequest
    ) -> None:
        said = {"feedback": backlog.FeedbackFactory.create().pk} | change

        answer = api.post(_below(slow, "evidence"), said, format="json")

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == pointer
        assert not Evidence.objects.exists()

    def test_of_another_request_is_not_there(self, api: APIClient, slow: CustomerRequest) -> None:
        other = backlog.EvidenceFactory.create()

        answer = api.post(f"{_below(slow, 'evidence')}{other.pk}/unlink/", {})

        assert answer.status_code == 404

    def test_is_linked_by_managers_only(
        self, omar: User, acting: Acting, slow: CustomerRequest
    ) -> None:
        assert acting(omar).post(_below(slow, "evidence"), {}).status_code == 403


class TestAssess:
    @pytest.fixture
    def noor(self, noor: User) -> User:
        people.MembershipFactory.create(user=noor, department__name="Sales")
        return noor

    def _criteria(self, slow: CustomerRequest) -> list[str]:
        model = slow.product.scoring_model
        assert model is not None
        return list(model.criteria.values_list("key", flat=True))

    def test_gives_values_and_scores_follow(
        self, noor: User, acting: Acting, slow: CustomerRequest
    ) -> None:
        answers = {key: {"value": 4, "confidence": "high"} for key in self._criteria(slow)}

        answer = acting(noor).post(_below(slow, "assessments"), {"answers": answers}, format="json")

        assert answer.status_code == 200, answer.data
        assert answer.data["priority"]["value"] is not None
        assert answer.data["status"] == "under_review"
        own = acting(noor).get(_below(slow, "assessments")).data["results"]
        assert {row["criterion"] for row in own} == set(answers)
        assert {row["department"] for row in own} == {"Sales"}

    def test_shows_nobody_elses_values(
        self, noor: User, sora: User, acting: Acting, slow: CustomerRequest
    ) -> None:
        answers = {key: {"value": 4} for key in self._criteria(slow)}
        acting(noor).post(_below(slow, "assessments"), {"answers": answers}, format="json")

        assert acting(sora).get(_below(slow, "assessments")).data["results"] == []

    @pytest.mark.parametrize(
        ("answers", "pointer"),
        [
            ({}, "#/answers"),
            ({"charm": {"value": 4}}, "#/answers/charm"),
            ({"first": {"value": 6}}, "#/answers/first"),
            ({"first": {"value": "high"}}, "#/answers/first/value"),
            ({"first": {"value": 4, "confidence": "sure"}}, "#/answers/first/confidence"),
            ({"first": 4}, "#/answers/first"),
        ],
    )
    def test_points_at_what_is_wrong(
        self,
        answers: dict[str, Any],
        pointer: str,
        noor: User,
        acting: Acting,
        slow: CustomerRequest,
    ) -> None:
        first = self._criteria(slow)[0]
        said = {key.replace("first", first): value for key, value in answers.items()}

        answer = acting(noor).post(_below(slow, "assessments"), {"answers": said}, format="json")

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == pointer.replace("first", first)
        assert not Assessment.objects.exists()

    def test_takes_a_department(self, mina: User, acting: Acting, slow: CustomerRequest) -> None:
        said = {"answers": {self._criteria(slow)[0]: {"value": 4}}}

        answer = acting(mina).post(_below(slow, "assessments"), said, format="json")

        assert (answer.status_code, answer.json()["code"]) == (409, "no_department")

    def test_is_refused_to_a_viewer(
        self, omar: User, acting: Acting, slow: CustomerRequest
    ) -> None:
        assert acting(omar).post(_below(slow, "assessments"), {}).status_code == 403


class TestExplain:
    def test_says_what_each_criterion_adds(self, api: APIClient, slow: CustomerRequest) -> None:
        department = people.DepartmentFactory.create()

        answer = api.get(_below(slow, "explain"))

        assert answer.status_code == 200, answer.data
        assert answer.data["scores"]["priority"]["value"] is None
        assert answer.data["formula"]
        shares = [part["share"] for part in answer.data["parts"] if part["axis"] == "impact"]
        assert sum(shares) == pytest.approx(1)
        assert answer.data["parts"][0]["voices"][0]["department"] == department.pk
        assert answer.data["wanted"][0]["department"] == department.pk

    def test_of_a_product_without_a_model_is_not_there(self, api: APIClient) -> None:
        unscored = backlog.RequestFactory.create(product__scoring_model=None)

        assert api.get(_below(unscored, "explain")).status_code == 404
