"""Endpoints by the API."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from backlog.models import Endpoint, User
from backlog.operations import events as event_operations
from tests.factories import NOON
from tests.factories import backlog as make

URL = "/api/v1/endpoints/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(ada: User, acting: Callable[[User], APIClient]) -> APIClient:
    return acting(ada)


class TestEndpoints:
    def test_are_added_edited_and_switched_off(self, admin: APIClient) -> None:
        body = {"name": "CRM", "url": "https://crm.example.com/", "kinds": ["reply.received"]}
        made = admin.post(URL, body).data

        answer = admin.patch(f"{URL}{made['id']}/", {"is_active": False}, headers={"if-match": "*"})

        assert made["kinds"] == ["reply.received"]
        assert answer.data["is_active"] is False

    def test_keep_an_address_as_it_is_called(self, admin: APIClient) -> None:
        """In Korean or with a space it was taken, and failed at each try."""
        body = {"name": "CRM", "url": "https://crm.example.com/알림 하나"}
        made = admin.post(URL, body).data

        assert made["url"] == "https://crm.example.com/%EC%95%8C%EB%A6%BC%20%ED%95%98%EB%82%98"
        edited = admin.patch(
            f"{URL}{made['id']}/", {"url": "https://한국.example/"}, headers={"if-match": "*"}
        )
        assert edited.data["url"] == "https://xn--3e0b707e.example/"

    @pytest.mark.parametrize(
        ("wrong", "pointer"),
        [
            ({"url": "https://10.0.0.1/"}, "#/url"),
            ({"url": "http://crm.example.com/"}, "#/url"),
            ({"url": "https://crm example.com/"}, "#/url"),
            ({"url": "https://crm.example.com/" + "한" * 160}, "#/url"),
            ({"kinds": ["request.moved"]}, "#/kinds/0"),
            ({"name": "Taken"}, "#/name"),
        ],
    )
    def test_point_at_what_is_wrong(
        self, wrong: dict[str, Any], pointer: str, admin: APIClient
    ) -> None:
        make.EndpointFactory.create(name="Taken")
        body = {"name": "CRM", "url": "https://crm.example.com/", **wrong}

        answer = admin.post(URL, body)

        assert answer.status_code == 422
        assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
        assert Endpoint.objects.count() == 1

    def test_show_their_secret_and_replace_it(self, admin: APIClient) -> None:
        address = f"{URL}{make.EndpointFactory.create().pk}/"
        old = admin.get(f"{address}secret/").data["secret"]

        admin.post(f"{address}rotate-secret/")

        assert old.startswith("whsec_")
        assert admin.get(f"{address}secret/").data["secret"] != old

    def test_go_on_at_once_when_they_are_switched_on_again(self, admin: APIClient) -> None:
        failing = {"failures": 3, "failing_since": NOON, "rests_until": NOON, "failure": "503"}
        off = make.EndpointFactory.create(is_active=False, **failing)

        answer = admin.patch(f"{URL}{off.pk}/", {"is_active": True}, headers={"if-match": "*"})

        assert answer.status_code == 200
        said = [answer.data[name] for name in ("failing_since", "failure", "rests_until")]
        assert said == [None, "", None]
        off.refresh_from_db()
        assert (off.failures, off.rests_until) == (0, None)


class TestTest:
    def test_is_a_delivery_like_others(self, admin: APIClient) -> None:
        answer = admin.post(f"{URL}{make.EndpointFactory.create().pk}/test/")

        assert answer.data["event"]["kind"] == "endpoint.tested"
        assert (
            admin.get(f"/api/v1/webhook-deliveries/{answer.data['id']}/").data["status"]
            == "waiting"
        )

    def test_is_refused_where_nothing_is_told(self, admin: APIClient) -> None:
        off = make.EndpointFactory.create(is_active=False)

        answer = admin.post(f"{URL}{off.pk}/test/")

        assert (answer.status_code, answer.json()["code"]) == (409, "switched_off")


class TestReplay:
    def test_says_how_many_are_told_again(self, admin: APIClient) -> None:
        arrived = make.WebhookDeliveryFactory.create(status="delivered", delivered_at=NOON)

        answer = admin.post(
            f"{URL}{arrived.endpoint_id}/replay/", {"since": "2020-01-01T00:00:00Z"}
        )

        assert answer.data == {"deliveries": 1}
        listed = admin.get("/api/v1/webhook-deliveries/?status=waiting").data["results"]
        assert [row["id"] for row in listed] == [arrived.pk]

    @pytest.mark.parametrize("again", ["replay", "retry"])
    def test_is_refused_where_nothing_is_told(self, again: str, admin: APIClient) -> None:
        off = make.EndpointFactory.create(is_active=False)
        arrived = make.WebhookDeliveryFactory.create(
            endpoint=off, status="delivered", delivered_at=NOON
        )
        calls = {
            "replay": (f"{URL}{off.pk}/replay/", {"since": "2020-01-01T00:00:00Z"}),
            "retry": (f"/api/v1/webhook-deliveries/{arrived.pk}/retry/", {}),
        }

        answer = admin.post(*calls[again])

        assert (answer.status_code, answer.json()["code"]) == (409, "switched_off")

    def test_leaves_to_the_ledger_what_happens_while_it_is_switched_off(
        self, admin: APIClient
    ) -> None:
        make.WebhookDeliveryFactory.create()
        endpoint = make.EndpointFactory.create(is_active=False)
        request = make.RequestFactory.create()
        missed = event_operations.record(
            "request.opened", subject=request, request=request, by=None, at=NOON
        )
        admin.patch(f"{URL}{endpoint.pk}/", {"is_active": True}, headers={"if-match": "*"})

        answer = admin.post(f"{URL}{endpoint.pk}/replay/", {"since": "2020-01-01T00:00:00Z"})

        assert answer.data == {"deliveries": 0}
        owed = admin.get(f"/api/v1/webhook-deliveries/?endpoint={endpoint.pk}").data["results"]
        assert {row["event"]["kind"] for row in owed}.isdisjoint({"request.opened"})
        events = admin.get("/api/v1/events/?after=2020-01-01T00:00:00Z").data["results"]
        assert missed.pk in [row["id"] for row in events]
