from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from backlog.models import Account, Consent, Customer, User
from tests.factories import backlog

ACCOUNTS = "/api/v1/accounts/"
CUSTOMERS = "/api/v1/customers/"

Acting = Callable[[User], APIClient]


class TestAccounts:
    def test_are_added_and_edited(self, api: APIClient) -> None:
        added = api.post(ACCOUNTS, {"name": "Hanbit", "annual_revenue": "1200000"}, format="json")
        assert added.status_code == 201, added.data
        assert (added.data["annual_revenue"], added.data["currency"]) == ("1200000.00", "KRW")

        edited = api.patch(
            f"{ACCOUNTS}{added.data['id']}/", {"churn_risk": "high"}, headers={"if-match": "*"}
        )
        assert (edited.status_code, edited.data["churn_risk"]) == (200, "high")

    @pytest.mark.parametrize(
        ("said", "pointer"),
        [
            ({}, "#/name"),
            ({"name": "Hanbit", "annual_revenue": "-1"}, "#/annual_revenue"),
            ({"name": "Hanbit", "annual_revenue": "NaN"}, "#/annual_revenue"),
            ({"name": "Hanbit", "annual_revenue": 1200000}, "#/annual_revenue"),
            ({"name": "Hanbit", "currency": "won"}, "#/currency"),
            ({"name": "Hanbit", "kind": "friend"}, "#/kind"),
        ],
    )
    def test_points_at_what_is_wrong(
        self, said: dict[str, Any], pointer: str, api: APIClient
    ) -> None:
        answer = api.post(ACCOUNTS, said, format="json")

        assert answer.status_code == 422
        assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]

    def test_are_closed_to_viewers(self, omar: User, acting: Acting) -> None:
        assert acting(omar).get(ACCOUNTS).status_code == 403
        assert acting(omar).post(ACCOUNTS, {"name": "Hanbit"}).status_code == 403
        assert not Account.objects.exists()


class TestCustomers:
    def test_are_added_with_how_they_are_known(self, api: APIClient) -> None:
        backlog.SourceFactory.create(key="crm")
        account = backlog.AccountFactory.create()
        said = {
            "name": "민수",
            "account": account.pk,
            "email": "minsu@example.com",
            "source": "crm",
            "external_id": "4711",
        }

        added = api.post(CUSTOMERS, said, format="json")

        assert added.status_code == 201, added.data
        assert added.data["contact_points"][0]["address"] == "minsu@example.com"
        assert added.data["identities"][0]["source"]["key"] == "crm"
        for query in ("email=MINSU@example.com", "identity=crm:4711", f"account={account.pk}"):
            found = api.get(f"{CUSTOMERS}?{query}").data["results"]
            assert [row["id"] for row in found] == [added.data["id"]]
        assert api.get(f"{CUSTOMERS}?identity=crm:4712").data["results"] == []

    def test_are_refused_with_the_address_of_another(self, api: APIClient) -> None:
        backlog.ContactPointFactory.create(address="minsu@example.com")

        answer = api.post(CUSTOMERS, {"email": "minsu@example.com"}, format="json")

        assert (answer.status_code, answer.json()["code"]) == (409, "address_taken")
        assert Customer.objects.count() == 1

    def test_are_edited(self, api: APIClient) -> None:
        minsu = backlog.CustomerFactory.create()

        answer = api.patch(
            f"{CUSTOMERS}{minsu.pk}/",
            {"language": "ko", "account": None},
            headers={"if-match": "*"},
        )

        assert (answer.status_code, answer.data["language"]) == (200, "ko")

    def test_get_addresses(self, api: APIClient) -> None:
        minsu = backlog.CustomerFactory.create()
        for _ in range(2):
            answer = api.post(f"{CUSTOMERS}{minsu.pk}/contact-points/", {"email": "m@example.com"})

        assert [each["address"] for each in answer.data["contact_points"]] == ["m@example.com"]

    def test_give_and_withdraw_consent(self, api: APIClient) -> None:
        minsu = backlog.CustomerFactory.create()
        said = {"purpose": "research", "basis": "opt_in", "proof": {"form": 7}}

        given = api.post(f"{CUSTOMERS}{minsu.pk}/give-consent/", said, format="json")
        assert given.data["consents"][0]["withdrawn_at"] is None
        assert Consent.objects.get().proof == {"form": 7}

        taken = api.post(f"{CUSTOMERS}{minsu.pk}/withdraw-consent/", {"purpose": "research"})
        assert taken.data["consents"][0]["withdrawn_at"] is not None

    def test_are_closed_to_viewers(self, omar: User, acting: Acting) -> None:
        minsu = backlog.CustomerFactory.create()

        assert acting(omar).get(CUSTOMERS).status_code == 403
        assert acting(omar).get(f"{CUSTOMERS}{minsu.pk}/").status_code == 403
        assert acting(omar).patch(f"{CUSTOMERS}{minsu.pk}/", {"name": "X"}).status_code == 403

    def test_are_only_read_by_a_secretary(self, sora: User, acting: Acting) -> None:
        minsu = backlog.CustomerFactory.create()

        assert acting(sora).get(f"{CUSTOMERS}{minsu.pk}/").status_code == 200
        assert acting(sora).patch(f"{CUSTOMERS}{minsu.pk}/", {"name": "X"}).status_code == 403
