from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from backlog.models import Department, Product, User
from tests.factories import backlog, people

PRODUCTS = "/api/v1/products/"
SOURCES = "/api/v1/sources/"
DEPARTMENTS = "/api/v1/departments/"
MODELS = "/api/v1/scoring-models/"

Acting = Callable[[User], APIClient]


@pytest.fixture
def api(ada: User, acting: Acting) -> APIClient:
    return acting(ada)


class TestProducts:
    def test_are_added_with_a_model_and_edited(self, api: APIClient) -> None:
        added = api.post(PRODUCTS, {"prefix": "PAY", "name": "Payments"}, format="json")
        assert added.status_code == 201, added.data
        assert added.data["scoring_model"]["key"] == "impact_feasibility"

        rice = api.post(MODELS, {"preset": "rice"}).data
        change = {
            "reopen_percent": 20,
            "scoring_model": rice["id"],
            "has_public_changelog": True,
        }
        edited = api.patch(f"{PRODUCTS}PAY/", change, format="json", headers={"if-match": "*"})
        assert (edited.status_code, edited.data["reopen_percent"]) == (200, 20)
        assert edited.data["scoring_model"]["key"] == "rice"
        assert (added.data["has_public_changelog"], edited.data["has_public_changelog"]) == (
            False,
            True,
        )

    @pytest.mark.parametrize(
        ("said", "pointer"),
        [
            ({"prefix": "pay", "name": "Payments"}, "#/prefix"),
            ({"prefix": "P", "name": "Payments"}, "#/prefix"),
            ({"prefix": "TAKEN", "name": "Payments"}, "#/prefix"),
            ({"prefix": 12, "name": "Payments"}, "#/prefix"),
            ({"prefix": "PAY"}, "#/name"),
            ({"prefix": "PAY", "name": "Payments", "scoring_model": "rice"}, "#/scoring_model"),
        ],
    )
    def test_points_at_what_is_wrong(
        self, said: dict[str, Any], pointer: str, api: APIClient
    ) -> None:
        backlog.ProductFactory.create(prefix="TAKEN")

        answer = api.post(PRODUCTS, said, format="json")

        assert answer.status_code == 422
        assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
        assert Product.objects.count() == 1

    def test_are_managed_by_admins_only(self, mina: User, acting: Acting) -> None:
        backlog.ProductFactory.create(prefix="PAY")

        assert acting(mina).patch(f"{PRODUCTS}PAY/", {"name": "X"}).status_code == 403
        assert acting(mina).post(PRODUCTS, {}).status_code == 403

    def test_not_open_to_the_caller_are_not_there(self, mina: User, acting: Acting) -> None:
        backlog.ProductFactory.create(prefix="SECRET", is_open=False)

        assert acting(mina).get(f"{PRODUCTS}SECRET/").status_code == 404
        assert acting(mina).get(PRODUCTS).data["results"] == []


class TestSources:
    def test_are_added_and_switched_off(self, api: APIClient) -> None:
        backlog.ProductFactory.create(prefix="PAY")
        said = {"key": "app-store", "name": "App Store", "kind": "social", "product": "PAY"}

        added = api.post(SOURCES, said, format="json")
        assert added.status_code == 201, added.data

        edited = api.patch(
            f"{SOURCES}app-store/", {"is_active": False}, format="json", headers={"if-match": "*"}
        )
        assert (edited.data["is_active"], edited.data["product"]["prefix"]) == (False, "PAY")
        assert len(api.get(f"{SOURCES}?product=PAY&kind=social").data["results"]) == 1

    def test_are_managed_by_admins_only(self, mina: User, acting: Acting) -> None:
        assert acting(mina).post(SOURCES, {}).status_code == 403


class TestDepartments:
    def test_are_added_and_renamed(self, api: APIClient) -> None:
        added = api.post(DEPARTMENTS, {"name": "Sales"})
        assert (added.status_code, added.data["is_seated"]) == (201, False)

        renamed = api.patch(
            f"{DEPARTMENTS}{added.data['id']}/", {"name": "영업"}, headers={"if-match": "*"}
        )
        assert renamed.data["name"] == "영업"

    def test_have_a_name_of_their_own(self, api: APIClient) -> None:
        people.DepartmentFactory.create(name="Sales")

        answer = api.post(DEPARTMENTS, {"name": "sales"})

        assert answer.status_code == 422
        assert Department.objects.count() == 1

    def test_are_managed_by_admins_only(self, mina: User, acting: Acting) -> None:
        assert acting(mina).post(DEPARTMENTS, {"name": "Sales"}).status_code == 403


class TestScoringModels:
    def test_are_installed_once_with_their_criteria(self, api: APIClient) -> None:
        first, again = (api.post(MODELS, {"preset": "impact_feasibility"}) for _ in range(2))

        assert (first.status_code, again.data["id"]) == (201, first.data["id"])
        criteria = api.get(f"{MODELS}{first.data['id']}/").data["criteria"]
        assert {each["axis"] for each in criteria} == {"impact", "feasibility"}
        assert all(each["names"]["ko"] for each in criteria)

    def test_take_a_preset_that_exists(self, api: APIClient) -> None:
        answer = api.post(MODELS, {"preset": "gut-feeling"})

        assert answer.json()["errors"][0]["pointer"] == "#/preset"


class TestGrants:
    def test_let_a_colleague_see_a_closed_product_until_taken_back(
        self, api: APIClient, mina: User, acting: Acting
    ) -> None:
        api.post(PRODUCTS, {"prefix": "NEW", "name": "Next year", "is_open": False}, format="json")
        assert acting(mina).get(f"{PRODUCTS}NEW/").status_code == 404

        granted = api.post(f"{PRODUCTS}NEW/grants/", {"user": mina.email})
        assert [row["user"]["name"] for row in granted.data] == ["Ada", "Mina"]
        assert acting(mina).get(f"{PRODUCTS}NEW/").status_code == 200

        revoked = api.post(f"{PRODUCTS}NEW/revoke-grant/", {"user": mina.pk})
        assert revoked.data == api.get(f"{PRODUCTS}NEW/grants/").data
        assert acting(mina).get(f"{PRODUCTS}NEW/").status_code == 404

    def test_keep_the_last_one_of_a_closed_product(self, api: APIClient, ada: User) -> None:
        api.post(PRODUCTS, {"prefix": "NEW", "name": "Next year", "is_open": False}, format="json")

        answer = api.post(f"{PRODUCTS}NEW/revoke-grant/", {"user": ada.pk})

        assert (answer.status_code, answer.json()["code"]) == (409, "last_grant")
