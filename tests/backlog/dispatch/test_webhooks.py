"""Other tools are told what they are owed."""

from typing import Any

import pytest
from django.db import OperationalError, connection

from backlog import tasks
from backlog.delivery import http, webhooks
from backlog.dispatch import lease
from backlog.models import (
    WebhookDelivery,
)
from backlog.operations import webhook_deliveries
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db


def fall_over() -> None:
    """As the database does when it is restarted, or when somebody else keeps it locked."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    raise OperationalError("database is locked")


class TestTellEndpoints:
    def test_an_event_that_cannot_be_told_holds_up_no_other(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        """An event of an older version without what its line is made of."""
        told = list[bytes]()

        def take(_url: str, body: bytes, _headers: object) -> http.Answer:
            told.append(body)
            return http.Answer(204, "")

        monkeypatch.setattr(http, "post", take)
        chat = make.EndpointFactory.create(form="slack")
        for data in ({}, {"to": "nowhere"}, {"to": "approved"}):
            event = make.EventFactory.create(kind="request.status_changed", data=data)
            make.WebhookDeliveryFactory.create(endpoint=chat, event=event)

        tasks.tell_endpoints()

        assert list(WebhookDelivery.objects.order_by("pk").values_list("status", "attempts")) == [
            ("waiting", 1),
            ("waiting", 1),
            ("delivered", 0),
        ]
        assert (
            WebhookDelivery.objects.order_by("pk")[0].failure == "cannot be written: KeyError: 'to'"
        )
        assert len(told) == 1
        assert "Traceback" in caplog.text

    @pytest.mark.django_db(transaction=True)
    def test_what_was_told_is_recorded_once_the_database_takes_it_again(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told = list[str]()
        monkeypatch.setattr(webhooks, "call", lambda *_, **sent: told.append(sent["webhook_id"]))
        monkeypatch.setattr(lease, "PAUSE", 0)
        make.WebhookDeliveryFactory.create()
        record, tries = webhook_deliveries.record, list[object]()

        def is_locked_once(**what: Any) -> bool:
            tries.append(what)
            if len(tries) == 1:
                fall_over()
            return record(**what)

        monkeypatch.setattr(webhook_deliveries, "record", is_locked_once)
        tasks.tell_endpoints()

        assert WebhookDelivery.objects.get().status == "delivered"
        assert len(told) == 1
