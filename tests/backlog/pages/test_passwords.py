"""A forgotten password, an invitation, and the link that both send."""

import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from backlog import tasks
from backlog.models import Event, User
from backlog.pages import passwords
from tests.factories.people import UserFactory

NEW = "heard, and told again"


@pytest.fixture(autouse=True)
def worker(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the worker is asked for, done at once; nobody has tried yet."""
    cache.clear()
    asked: list[str] = []

    def send(email: str) -> None:
        asked.append(email)
        tasks.send_forgotten_password(email)

    monkeypatch.setattr(tasks.send_forgotten_password, "delay", send)
    monkeypatch.setattr(tasks.send_invitation, "delay", tasks.send_invitation)
    return asked


@pytest.fixture
def kim(db: None) -> User:
    user: User = UserFactory.create(email="kim@example.com", is_staff=True, language="en")
    user.set_password("heard and told")
    user.save()
    return user


@pytest.fixture
def ask(django_capture_on_commit_callbacks: Any) -> Any:
    def ask(email: str, address: str = "192.0.2.1") -> str:
        browser = Client(REMOTE_ADDR=address, headers={"accept-language": "en"})
        with django_capture_on_commit_callbacks(execute=True):
            answer = browser.post(reverse("backlog:forgotten-password"), {"email": email})
        assert answer.status_code == 200
        return re.sub(r'"[A-Za-z0-9]{64}"', "", answer.content.decode())

    return ask


def _link() -> str:
    found = re.search(r"http\S+/password/\S+", str(mail.outbox[-1].body))
    assert found
    return found[0].removeprefix("http://testserver").removeprefix("http://localhost:8000")


class TestAForgottenPassword:
    def test_is_replaced_by_the_link_that_is_sent(self, kim: User, ask: Any) -> None:
        ask("Kim@Example.com")
        browser = Client()
        form = browser.get(_link(), follow=True)
        place = form.redirect_chain[-1][0]
        typed = {"new_password1": NEW, "new_password2": NEW}
        answer = browser.post(place, typed)

        assert answer["Location"] == reverse("admin:login")
        kim.refresh_from_db()
        assert kim.check_password(NEW)
        assert Event.objects.get(kind="colleague.password_set").actor == kim

    def test_keeps_the_key_out_of_the_page_and_its_address(self, kim: User, ask: Any) -> None:
        ask(kim.email)
        key = _link().rstrip("/").rpartition("/")[2]
        form = Client().get(_link(), follow=True)

        assert key not in form.content.decode()
        assert key not in form.redirect_chain[-1][0]

    def test_has_a_link_that_works_once(self, kim: User, ask: Any) -> None:
        ask(kim.email)
        kim.set_password(NEW)
        kim.save()

        assert "works no more" in _read(_link())

    def test_is_answered_alike_whether_there_is_an_account_or_not(
        self, kim: User, ask: Any
    ) -> None:
        assert ask(kim.email) == ask("nobody@example.com")
        assert [each.to for each in mail.outbox] == [[kim.email]]

    def test_is_told_to_nobody_who_may_not_sign_in(self, kim: User, ask: Any) -> None:
        User.objects.update(is_active=False)

        ask(kim.email)

        assert mail.outbox == []

    def test_is_told_to_no_tool(self, ines: User, ask: Any) -> None:
        ask(ines.email)

        assert mail.outbox == []

    def test_floods_nobody_with_mail(self, kim: User, ask: Any) -> None:
        for number in range(passwords.PER_ACCOUNT.times + 2):
            ask(kim.email, address=f"192.0.2.{number}")

        assert len(mail.outbox) == passwords.PER_ACCOUNT.times

    def test_lets_nobody_try_all_addresses(self, kim: User, ask: Any, worker: list[str]) -> None:
        for number in range(passwords.PER_ADDRESS.times + 2):
            ask(f"{number}@example.com")

        assert len(worker) == passwords.PER_ADDRESS.times

    def test_needs_an_address(self, db: None) -> None:
        answer = Client().post(reverse("backlog:forgotten-password"), {"email": "kim"})

        assert answer.status_code == 422


def _read(link: str) -> str:
    browser = Client(headers={"accept-language": "en"})
    return browser.get(link, follow=True).content.decode()


class TestANewPassword:
    def test_is_not_taken_where_it_is_easily_guessed(self, kim: User, ask: Any) -> None:
        ask(kim.email)
        browser = Client()
        place = browser.get(_link(), follow=True).redirect_chain[-1][0]

        browser.post(place, {"new_password1": "12345", "new_password2": "12345"})

        kim.refresh_from_db()
        assert kim.check_password("heard and told")


class TestAnInvitation:
    def test_is_sent_to_who_is_added(
        self, client: Client, ada: User, django_capture_on_commit_callbacks: Any
    ) -> None:
        client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
        new = {"email": "lee@example.com", "name": "Lee", "language": "ko", "roles": ["viewer"]}

        with django_capture_on_commit_callbacks(execute=True):
            client.post(reverse("admin:backlog_user_add"), {**new, "is_invited": "on"})

        (sent,) = mail.outbox
        assert sent.to == ["lee@example.com"]
        assert "비밀번호" in str(sent.body)
        assert "works no more" not in _read(_link())
        assert Event.objects.filter(kind="colleague.invited").exists()

    def test_is_not_sent_where_it_is_not_asked_for(
        self, client: Client, ada: User, django_capture_on_commit_callbacks: Any
    ) -> None:
        client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
        new = {"email": "lee@example.com", "name": "Lee", "language": "ko", "roles": ["viewer"]}

        with django_capture_on_commit_callbacks(execute=True):
            client.post(reverse("admin:backlog_user_add"), new)

        assert User.objects.filter(email="lee@example.com").exists()
        assert mail.outbox == []
