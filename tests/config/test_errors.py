"""Errors: problem details below /api/, a page elsewhere, wherever they come from."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError, connection
from django.test import Client, override_settings

from backlog.models import User
from tests.access.routes import routes

pytestmark = pytest.mark.django_db
AWAY = [OperationalError("database is locked"), InterfaceError("connection already closed")]


@pytest.fixture
def browser(mina: User) -> Client:
    browser = Client(raise_request_exception=False, headers={"accept-language": "en"})
    browser.force_login(mina, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def _problem(answer: Any) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/problem+json", answer.content
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["detail"]
    return answer.status_code, body["code"]


def _raising(error: Exception) -> Callable[..., Any]:
    def ask(*_args: Any, **_more: Any) -> Any:
        raise error

    return ask


class TestADatabaseThatIsAway:
    @pytest.mark.parametrize("error", AWAY, ids=["locked", "closed"])
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_is_a_503_that_says_when_to_come_back(
        self, error: Exception, method: str, browser: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        with connection.execute_wrapper(_raising(error)):
            answer = getattr(browser, method)("/api/v1/requests/")

        assert _problem(answer) == (503, "unavailable")
        assert answer["Retry-After"] == "5"
        assert str(error) in caplog.text  # It stays loud where operators look.

    def test_is_one_for_every_list_and_for_strangers_with_a_token(self) -> None:
        tool = Client(raise_request_exception=False, headers={"authorization": "Bearer abc"})
        lists = [it for it in routes() if it.actions and not it.parameters]
        for route in lists:
            to = "/" + route.path.replace("^", "").replace("$", "").replace("\\Z", "")
            if "(?P" in to:
                continue
            with connection.execute_wrapper(_raising(AWAY[0])):
                assert _problem(tool.get(to)) == (503, "unavailable"), to

    @pytest.mark.parametrize("to", ["/", "/board/", "/admin/login/", "/changelog/", "/admin/"])
    def test_is_a_page_for_people(self, to: str, browser: Client) -> None:
        with connection.execute_wrapper(_raising(AWAY[0])):
            answer = browser.get(to)

        assert answer.status_code == 503
        assert answer["Retry-After"] == "5"
        assert "We are busy. Please try again in a moment." in answer.content.decode()
        assert answer["Cache-Control"] == "private, no-store"

    def test_speaks_the_readers_language(self) -> None:
        browser = Client(raise_request_exception=False, headers={"accept-language": "ko"})
        with connection.execute_wrapper(_raising(AWAY[0])):
            answer = browser.get("/changelog/")

        assert '<html lang="ko">' in answer.content.decode()


class TestBelowApi:
    @pytest.mark.parametrize("to", ["/api", "/api/", "/api/v2/", "/api/v1/nowhere/", "/api/x/y"])
    @pytest.mark.parametrize("method", ["get", "post", "delete", "options"])
    def test_unknown_addresses_are_problems(self, to: str, method: str, browser: Client) -> None:
        assert _problem(getattr(browser, method)(to)) == (404, "not_found")

    @pytest.mark.parametrize(
        ("error", "said"),
        [
            (ValueError("a bug"), (500, "server_error")),
            (BadRequest("no"), (400, "bad_request")),
            (TooManyFieldsSent("no"), (400, "bad_request")),
            (RequestDataTooBig("no"), (413, "body_too_large")),
        ],
        ids=lambda it: type(it).__name__,
    )
    def test_what_fails_in_a_view_is_a_problem(
        self,
        error: Exception,
        said: tuple[int, str],
        browser: Client,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("backlog.auth.rate_limits.Limit.take", _raising(error))

        assert _problem(browser.get("/api/v1/requests/")) == said

    def test_another_host_is_a_problem(self, browser: Client) -> None:
        with override_settings(ALLOWED_HOSTS=["hearback.example.com"]):
            answer = browser.get("/api/v1/requests/", headers={"host": "evil.example"})

        assert _problem(answer) == (400, "bad_request")

    def test_a_method_that_is_not_there_is_a_problem(self, browser: Client) -> None:
        for to in ("/api/v1/requests/", "/api/v1/schema/", "/api/v1/docs/"):
            assert _problem(browser.delete(to)) == (405, "method_not_allowed")

    def test_a_session_without_its_token_is_a_problem(self, mina: User) -> None:
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(mina, backend="django.contrib.auth.backends.ModelBackend")

        assert _problem(browser.post("/api/v1/requests/", {}))[0] == 403

    def test_a_precondition_that_does_not_hold_is_a_problem(self, browser: Client) -> None:
        answer = browser.get("/api/v1/requests/", headers={"if-match": '"1"'})

        assert answer.status_code in (200, 412)


class TestPages:
    def test_say_what_is_wrong_where_an_answer_was_empty(self, browser: Client) -> None:
        answer = browser.delete("/board/")

        assert answer.status_code == 405
        assert answer["Allow"] == "GET, HEAD"
        assert "<h1>That cannot be done with this address.</h1>" in answer.content.decode()

    def test_of_another_host_can_be_read(self, browser: Client) -> None:
        with override_settings(ALLOWED_HOSTS=["hearback.example.com"]):
            answer = browser.get("/", headers={"host": "evil.example"})

        assert answer.status_code == 400
        assert "<h1>The request could not be understood.</h1>" in answer.content.decode()


class TestAtTheRoot:
    @pytest.mark.parametrize(
        ("to", "kind"), [("/favicon.ico", "image/x-icon"), ("/robots.txt", "text/plain")]
    )
    def test_browsers_and_robots_find_what_they_ask_for(
        self, to: str, kind: str, client: Client
    ) -> None:
        answer = client.get(to)
        tag = answer.headers.get("ETag")

        assert answer.status_code == 200
        assert answer["Content-Type"].startswith(kind)
        assert "public" in answer["Cache-Control"]
        assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        assert tag
        assert client.get(to, headers={"if-none-match": f"W/{tag}"}).status_code == 304
        assert client.head(to, headers={"if-none-match": "*"}).status_code == 304


class TestAProxyThatDoesNotSayHow:
    SETTINGS = {
        "SECURE_SSL_REDIRECT": True,
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
    }

    def test_is_told_instead_of_sending_people_in_circles(self) -> None:
        with override_settings(**self.SETTINGS):
            answer = Client().get("/board/?q=1")

        assert answer.status_code == 500
        assert "X-Forwarded-Proto" in answer.content.decode()

    @pytest.mark.parametrize(("proto", "status"), [("http", 301), ("https", 200)])
    def test_is_not_meant_when_it_says_so(self, proto: str, status: int) -> None:
        with override_settings(**self.SETTINGS):
            answer = Client().get("/admin/login/", headers={"x-forwarded-proto": proto})

        assert answer.status_code == status
