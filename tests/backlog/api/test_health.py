"""What a supervisor asks: does it live, can it serve."""

from datetime import timedelta

import pytest
from celery import current_app
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from kombu import Connection

from backlog.dispatch import clock
from tests.factories import backlog


def test_lives_without_asking_the_database(client: Client) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
class TestReady:
    def test_says_that_nothing_waits(self, client: Client) -> None:
        answer = client.get("/readyz")

        assert answer.status_code == 200, answer.content
        assert answer.json() == {
            "status": "ok",
            "faults": [],
            "oldest_owed_seconds": None,
            "given_up": 0,
            "clock_ahead_seconds": 0,
        }
        assert "no-store" in answer["Cache-Control"]

    def test_says_how_long_the_oldest_thing_owed_has_waited(self, client: Client) -> None:
        hour_ago = timezone.now() - timedelta(hours=1)
        backlog.ObligationFactory.create(owed_at=hour_ago, released_at=hour_ago)

        answer = client.get("/readyz")

        assert answer.status_code == 200
        assert 3600 <= answer.json()["oldest_owed_seconds"] < 3700

    def test_says_that_nothing_leaves(self, client: Client) -> None:
        """As when one message raised, and all behind it waited."""
        hour_ago = timezone.now() - timedelta(hours=1)
        backlog.NoticeFactory.create(not_before=hour_ago)

        answer = client.get("/readyz")

        assert answer.status_code == 200
        assert answer.json()["status"] == "degraded"
        assert answer.json()["faults"] == ["delivery_stuck"]

    def test_says_how_many_messages_were_given_up(self, client: Client) -> None:
        backlog.NoticeFactory.create(status="dead")

        assert client.get("/readyz").json()["given_up"] == 1

    def test_says_that_the_clock_is_not_the_databases(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(clock, "ahead", lambda: timedelta(minutes=-10))

        told = client.get("/readyz").json()

        assert (told["status"], told["faults"]) == ("degraded", ["clock_wrong"])
        assert told["clock_ahead_seconds"] == -600

    def test_is_not_while_a_migration_is_not_applied(self, client: Client) -> None:
        MigrationRecorder(connection).migration_qs.filter(app="backlog").latest("id").delete()

        answer = client.get("/readyz")

        assert (answer.status_code, answer.json()["failed"]) == (503, ["database"])
        assert answer["Content-Type"] == "application/problem+json"

    def test_is_not_without_a_broker(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        nobody = Connection("redis://127.0.0.1:1/0", connect_timeout=1)
        monkeypatch.setattr(current_app, "connection_for_write", lambda **_: nobody)

        answer = client.get("/readyz")

        assert (answer.status_code, answer.json()["failed"]) == (503, ["broker"])

    def test_is_not_while_the_database_does_not_answer(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object) -> None:
            raise OperationalError("no route to host, password was hunter2")

        monkeypatch.setattr(MigrationExecutor, "migration_plan", fail)

        answer = client.get("/readyz")

        assert (answer.status_code, answer.json()["failed"]) == (503, ["database"])
        assert "hunter2" not in answer.content.decode()
