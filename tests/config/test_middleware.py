"""Ids of requests, and what browsers are told."""

import logging
import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client

from backlog.models import User
from backlog.operations import api_tokens
from config import middleware
from tests.factories import NOON

SIGN_IN = "/admin/login/"
ID = "X-Request-ID"


class TestRequestIds:
    @pytest.mark.parametrize("path", ["/healthz", "/api/v1/requests/", "/nowhere/", SIGN_IN])
    def test_are_in_every_answer_also_in_errors(self, path: str, client: Client, db: None) -> None:
        first, second = client.get(path)[ID], client.get(path)[ID]

        assert re.fullmatch(r"[0-9a-f]{32}", first)
        assert first != second

    def test_are_taken_from_whoever_gives_one(self, client: Client) -> None:
        assert client.get("/healthz", headers={ID: "edge-7f3a.42"})[ID] == "edge-7f3a.42"

    @pytest.mark.parametrize("given", ["short", "x" * 65, "two words", "line\\nbreak", "né-à-vous"])
    def test_are_made_anew_in_place_of_nonsense(self, given: str, client: Client) -> None:
        assert re.fullmatch(r"[0-9a-f]{32}", client.get("/healthz", headers={ID: given})[ID])

    def test_are_in_the_log_while_their_request_lasts(self) -> None:
        outside, seen = _logged_id(), list[str]()

        def view(_request: HttpRequest) -> HttpResponse:
            seen.append(_logged_id())
            return HttpResponse()

        request = HttpRequest()
        request.META["HTTP_X_REQUEST_ID"] = "edge-7f3a"
        middleware.RequestIds(view)(request)

        assert [*seen, _logged_id()] == ["edge-7f3a", outside]


def _logged_id() -> str:
    record = logging.LogRecord("backlog", logging.INFO, __file__, 1, "words", None, None)
    middleware.RequestIdFilter().filter(record)
    return str(record.request_id)  # type: ignore[attr-defined]  # set by the filter


class TestHeaders:
    @pytest.mark.parametrize("path", ["/healthz", "/api/v1/requests/", "/nowhere/", SIGN_IN])
    def test_close_what_no_page_needs(self, path: str, client: Client, db: None) -> None:
        answer = client.get(path)

        assert "camera=()" in answer["Permissions-Policy"]
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]

    def test_keep_cookies_from_scripts_and_other_sites(self, client: Client, mina: User) -> None:
        mina.set_password("heard and told")
        mina.save()
        typed = {"username": mina.email, "password": "heard and told"}
        client.post(SIGN_IN, typed)
        client.post("/language/", {"language": "en"})

        for name in ("sessionid", "django_language"):
            assert client.cookies[name]["httponly"], name
            assert client.cookies[name]["samesite"] == "Lax", name


class TestLogs:
    def test_hold_no_password_and_no_token(
        self, client: Client, ines: User, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        _token, secret = api_tokens.issue_token(
            owner=ines, name="BI", scopes=["read"], lasts=None, by=None, at=NOON
        )

        client.post(SIGN_IN, {"username": ines.email, "password": "pass-in-clear"})
        client.get("/api/v1/requests/", headers={"authorization": f"Bearer {secret}"})
        client.get("/api/v1/requests/", headers={"authorization": "Bearer guessed-secret"})
        client.get("/api/v1/requests/nowhere/", headers={"authorization": f"Bearer {secret}"})

        assert "pass-in-clear" not in caplog.text
        assert secret not in caplog.text
        assert "guessed-secret" not in caplog.text

    def test_hold_no_password_when_something_breaks(
        self,
        ines: User,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        def fail(*_args: object, **_more: object) -> None:
            raise RuntimeError("broken")

        monkeypatch.setattr("backlog.auth.rate_limits.Limit.take", fail)
        browser = Client(raise_request_exception=False)

        typed = {"username": ines.email, "password": "pass-in-clear"}
        answer = browser.post(SIGN_IN, typed)

        assert answer.status_code == 500
        assert "broken" in caplog.text
        assert "pass-in-clear" not in caplog.text + answer.content.decode()
        assert answer[ID]
