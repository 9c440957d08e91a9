"""Guessing passwords is slow, for one account and from one address."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from backlog.models import User
from backlog.pages import sign_in
from tests.factories import NOON
from tests.factories.people import UserFactory

PASSWORD = "heard and told"


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has tried yet, and the clock stands still."""
    cache.clear()
    stop(monkeypatch, NOON)


@pytest.fixture
def kim(db: None) -> User:
    user: User = UserFactory.create(email="kim@example.com", is_staff=True)
    user.set_password(PASSWORD)
    user.save()
    return user


def stop(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr("backlog.pages.sign_in.timezone.now", lambda: at)


def attempt(password: str, *, email: str = "kim@example.com", address: str = "192.0.2.1") -> Any:
    browser = Client(REMOTE_ADDR=address, headers={"accept-language": "en"})
    typed = {"username": email, "password": password}
    return browser.post(reverse("admin:login"), typed)


def is_in(response: Any) -> bool:
    return bool(response.status_code == 302)


class TestSignIn:
    def test_takes_the_right_password(self, kim: User) -> None:
        assert is_in(attempt(PASSWORD))

    def test_lets_the_right_password_wait_while_the_account_is_locked(
        self, kim: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in range(sign_in.PER_ACCOUNT.times):
            attempt("guess", address=f"192.0.2.{number}")

        locked = attempt(PASSWORD, address="198.51.100.1")
        assert not is_in(locked)
        assert "Too many attempts. Try again in 15 minutes." in locked.content.decode()

        stop(monkeypatch, NOON + timedelta(minutes=15))
        assert is_in(attempt(PASSWORD))

    def test_counts_an_account_however_it_is_written(self, kim: User) -> None:
        for _ in range(sign_in.PER_ACCOUNT.times):
            attempt("guess", email=" Kim@Example.com")

        assert not is_in(attempt(PASSWORD))

    def test_locks_an_address_that_tries_many_accounts(self, kim: User) -> None:
        for number in range(sign_in.PER_ADDRESS.times):
            attempt("guess", email=f"user{number}@example.com")

        assert not is_in(attempt(PASSWORD))
        assert is_in(attempt(PASSWORD, address="198.51.100.1"))

    def test_says_the_same_of_accounts_that_do_not_exist(self, kim: User) -> None:
        for _ in range(sign_in.PER_ACCOUNT.times):
            attempt("guess", email="nobody@example.com")

        locked = attempt("guess", email="nobody@example.com")

        assert "Too many attempts." in locked.content.decode()

    def test_forgets_wrong_attempts_after_the_right_one(self, kim: User) -> None:
        for _ in range(sign_in.PER_ACCOUNT.times - 1):
            attempt("guess")
        assert is_in(attempt(PASSWORD))

        for _ in range(sign_in.PER_ACCOUNT.times - 1):
            attempt("guess")
        assert is_in(attempt(PASSWORD))
