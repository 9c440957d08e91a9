"""Commitments by the API: made, edited, withdrawn."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from backlog.models import (
    Commitment,
    CustomerRequest,
    Product,
    Sprint,
    User,
)
from tests.factories import NOON, backlog

COMMITMENTS = "/api/v1/commitments/"
Acting = Callable[[User], APIClient]


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
