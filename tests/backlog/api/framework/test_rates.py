"""Every caller of the API has so many calls a minute."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from backlog.models import User
from backlog.operations import api_tokens
from tests.factories import NOON

REQUESTS = "/api/v1/requests/"
Acting = Callable[[User], APIClient]


@pytest.fixture(autouse=True)
def few_calls(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three a minute, two for strangers, and a clock that stands still."""
    cache.clear()
    settings.API_CALLS_PER_MINUTE, settings.API_STRANGERS_CALLS_PER_MINUTE = 3, 2
    stop(monkeypatch, NOON + timedelta(seconds=15))


def stop(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr("backlog.api.framework.rates.timezone.now", lambda: at)


def _tool(owner: User, secret: str = "") -> APIClient:
    if not secret:
        _token, secret = api_tokens.issue_token(
            owner=owner, name="BI", scopes=["read"], lasts=None, by=None, at=timezone.now()
        )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


class TestCalls:
    def test_are_counted_and_told_in_every_answer(self, mina: User, acting: Acting) -> None:
        first = acting(mina).get(REQUESTS)

        assert first["RateLimit-Limit"] == "3"
        assert first["RateLimit-Remaining"] == "2"
        assert first["RateLimit-Reset"] == "45"

    def test_beyond_the_limit_have_to_wait(self, mina: User, acting: Acting) -> None:
        answers = [acting(mina).get(REQUESTS) for _ in range(4)]

        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        refused = answers[-1]
        assert refused["Retry-After"] == "45"
        assert refused["Content-Type"] == "application/problem+json"
        assert refused.json()["code"] == "too_many_calls"
        assert refused["RateLimit-Remaining"] == "0"

    def test_begin_anew_with_the_next_minute(
        self, mina: User, acting: Acting, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for _ in range(4):
            acting(mina).get(REQUESTS)
        stop(monkeypatch, NOON + timedelta(seconds=60))

        assert acting(mina).get(REQUESTS).status_code == 200

    def test_of_two_tokens_of_one_person_are_counted_apart(self, ines: User) -> None:
        busy, idle = _tool(ines), _tool(ines)
        for _ in range(4):
            busy.get(REQUESTS)

        assert busy.get(REQUESTS).status_code == 429
        assert idle.get(REQUESTS).status_code == 200

    @pytest.mark.parametrize("secret", ["", "guessed"])
    def test_of_strangers_are_counted_by_their_address(self, secret: str, db: None) -> None:
        clients = [APIClient(REMOTE_ADDR=f"192.0.2.{each}") for each in (1, 1, 1, 2)]
        for client in clients:
            if secret:
                client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")

        statuses = [client.get(REQUESTS).status_code for client in clients]

        assert statuses == [401, 401, 429, 401]

    def test_for_the_description_are_those_of_strangers(self, db: None) -> None:
        answers = [APIClient().get("/api/v1/schema/") for _ in range(3)]

        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[0].content == answers[1].content
