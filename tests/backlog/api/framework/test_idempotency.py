from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from backlog import errors
from backlog.models import Account, Event, IdempotencyKey, User
from backlog.operations import events, idempotency_keys
from tests.at_once import at_once
from tests.factories import people

LIST = "/api/v1/accounts/"

Acting = Callable[[User], APIClient]


def add(api: APIClient, name: str = "Hanbit", key: str = "first", **headers: str) -> Any:
    return api.post(LIST, {"name": name}, headers={"Idempotency-Key": key, **headers})


class TestIdempotencyKey:
    def test_answers_the_second_call_as_the_first(self, api: APIClient) -> None:
        first, second = add(api), add(api)

        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json() == second.json()
        assert "Idempotency-Replayed" not in first
        assert second["Idempotency-Replayed"] == "true"
        assert Account.objects.count() == 1
        assert Event.objects.filter(kind="account.added").count() == 1

    def test_does_it_again_under_another_key(self, api: APIClient) -> None:
        add(api, key="first")
        add(api, key="second")

        assert Account.objects.count() == 2

    def test_refuses_the_key_with_another_body(self, api: APIClient) -> None:
        add(api)

        answer = add(api, name="Nuri")

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["code"] == "idempotency_key_reused"
        assert Account.objects.count() == 1

    def test_keeps_the_keys_of_two_people_apart(self, acting: Acting, mina: User) -> None:
        other = people.UserFactory.create()
        other.groups.set(mina.groups.all())

        add(acting(mina))
        answer = add(acting(other), name="Nuri")

        assert answer.status_code == 201
        assert Account.objects.count() == 2

    def test_keeps_a_refusal_as_an_answer(self, api: APIClient) -> None:
        first, second = add(api, name=""), add(api, name="")

        assert (first.status_code, second.status_code) == (422, 422)
        assert first.json() == second.json()
        assert second["Content-Type"] == "application/problem+json"
        assert second["Idempotency-Replayed"] == "true"

    @pytest.mark.parametrize("key", ["", "x" * 256, "\t"])
    def test_refuses_a_key_that_is_none(self, api: APIClient, key: str) -> None:
        assert add(api, key=key).json()["code"] == "idempotency_key_malformed"

    def test_asks_for_patience_while_the_first_call_runs(self, api: APIClient, mina: User) -> None:
        add(api)
        _reopen(lease_until=timezone.now() + timedelta(seconds=30))

        answer = add(api)

        assert answer.status_code == 409
        assert answer.json()["code"] == "idempotency_key_in_use"
        assert 1 <= int(answer["Retry-After"]) <= 5

    def test_takes_over_what_a_crash_left_behind(self, api: APIClient) -> None:
        add(api)
        Account.objects.all().delete()
        _reopen(lease_until=timezone.now() - timedelta(seconds=1))

        assert add(api).status_code == 201
        assert Account.objects.count() == 1

    def test_keeps_nothing_of_a_crash(
        self, api: APIClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        api.raise_request_exception = False
        with monkeypatch.context() as patch:
            patch.setattr(events, "record", _crash)
            assert add(api).status_code == 500

        assert not Account.objects.exists()
        assert not IdempotencyKey.objects.exists()
        assert add(api).status_code == 201

    def test_never_keeps_a_secret(self, mina: User, client: Any) -> None:
        client.force_login(mina, backend="django.contrib.auth.backends.ModelBackend")
        body = {"name": "CRM", "scopes": ["read"], "lasts_days": 30}

        for _ in range(2):
            client.post(
                "/api/v1/tokens/",
                body,
                content_type="application/json",
                headers={"Idempotency-Key": "token"},
            )

        assert not IdempotencyKey.objects.exists()


class TestForgetOld:
    def test_forgets_after_a_day(self, api: APIClient) -> None:
        add(api)

        assert idempotency_keys.forget_old(by=None, at=timezone.now() + timedelta(hours=23)) == 0
        assert idempotency_keys.forget_old(by=None, at=timezone.now() + timedelta(hours=25)) == 1
        assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_hundred_identical_calls_make_one_row_and_one_answer(
    mina: User, acting: Acting
) -> None:
    threads = 20 if connection.vendor == "postgresql" else 4  # SQLite lets one write at a time.
    answers: list[Any] = []

    def ask_its_share() -> None:
        client = acting(mina)
        answers.extend(add(client) for _ in range(200 // threads))

    assert at_once([ask_its_share] * threads) == []

    done = [each.json() for each in answers if each.status_code == 201]
    assert {each.status_code for each in answers} <= {201, 409}
    assert len(answers) == 200
    assert all(body == done[0] for body in done)
    assert Account.objects.count() == 1


def test_an_answer_that_comes_after_its_lease_undoes_itself(api: APIClient, mina: User) -> None:
    write = idempotency_keys.Write(mina, "POST", LIST, "slow", "0" * 64)
    now = timezone.now()
    slow = idempotency_keys.claim(write=write, by=None, at=now)
    quick = idempotency_keys.claim(write=write, by=None, at=now + timedelta(minutes=2))
    assert isinstance(slow, idempotency_keys.Claim)
    assert isinstance(quick, idempotency_keys.Claim)
    answer = idempotency_keys.Answer(201, {}, b"{}")

    idempotency_keys.keep(claim=quick, answer=answer, by=None, at=timezone.now())

    with pytest.raises(errors.LeaseLost):
        idempotency_keys.keep(claim=slow, answer=answer, by=None, at=timezone.now())


def _reopen(**lease: Any) -> None:
    IdempotencyKey.objects.update(status=None, lease_token="held", **lease)


def _crash(*args: object, **kwargs: object) -> None:
    raise ZeroDivisionError
