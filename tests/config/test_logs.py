"""No log holds what opens a door: neither ours, nor Django's, nor gunicorn's."""

import logging
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from gunicorn.config import Config  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from backlog.delivery import links
from config.logs import KEYED, without_secrets
from tests.access.matrix import EVERYBODY, PAGES
from tests.access.routes import routes
from tests.factories import backlog

TOKEN = "7-0123abcd.1wBcDe." + "x" * 43


@pytest.mark.parametrize(
    ("written", "logged"),
    [
        (f"Unprocessable Entity: /heard/{TOKEN}/", "Unprocessable Entity: /heard/…/"),
        ('"GET /unsubscribe/whatever?a=1 HTTP/1.1" 200', '"GET /unsubscribe/…?a=1 HTTP/1.1" 200'),
        (f"GET /own-data/{TOKEN}/ 200", "GET /own-data/…/ 200"),
        ("Not Found: /copy/7-0123abcd/", "Not Found: /copy/…/"),
        ("GET /calendar/a1-_b2.ics 200", "GET /calendar/… 200"),
        (f"POST /invitation/{TOKEN}/ 302", "POST /invitation/…/ 302"),
        ("Not Found: /privacy/copies/7/", "Not Found: /privacy/copies/7/"),
        (f"next=%2Fheard%2F{TOKEN}%2F", "next=%2Fheard%…%2F"),
        (f"/h%65ard/{TOKEN}/", "/h%65ard/…/"),
        (f"from https://hear.example/heard/{TOKEN}/#top", "from https://hear.example/heard/…/#top"),
        ("https://u:p@hear.example/provider/", "https://…@hear.example/provider/"),
        ("to https://hooks.chat.example/T1/x3 failed", "to https://hooks.chat.example/… failed"),
        ('https://a.test:443 "POST /v3/key HTTP/1.1"', 'https://a.test:443 "POST /… HTTP/1.1"'),
        ("Not Found: /requests/PAY-1/", "Not Found: /requests/PAY-1/"),
        ("/heardsay/PAY-1/", "/heardsay/PAY-1/"),
    ],
)  # fmt: skip
def test_the_key_is_left_out_and_nothing_else(written: str, logged: str) -> None:
    assert without_secrets(written) == logged


def test_every_page_that_is_open_to_whoever_has_its_address_is_known() -> None:
    """A page for strangers whose address names something is opened by that name; the API's
    reference is for everybody."""
    by_name = {route.name: route for route in routes()}
    keyed = {
        by_name[row.route].path.partition("/")[0]
        for row in PAGES
        if row.who == EVERYBODY and by_name[row.route].parameters and row.route != "api:docs-noun"
    }

    assert keyed == set(KEYED)


@pytest.mark.parametrize(("method", "status"), [("post", 422), ("put", 405)])
def test_a_refusal_of_a_customers_page_names_no_link(
    method: str, status: int, db: None, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    path = links.answer_url(backlog.NoticeFactory.create()).removeprefix("http://localhost:8000")
    path = path.removeprefix("http://testserver")
    answer = getattr(client, method)(path, {"verdict": "maybe", "o": "x"})

    assert answer.status_code == status
    assert path.split("/")[2] not in caplog.text
    assert "/heard/…/" in caplog.text


@pytest.mark.parametrize("name", ["django.server", "gunicorn.access", "urllib3", "celery.task"])
def test_it_holds_for_every_logger(name: str, caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger(name)
    logger.addHandler(caplog.handler)  # Some pass nothing on.
    try:
        logger.warning('"%s %s HTTP/1.1" %s', "GET", f"/heard/{TOKEN}/", 429)
        logger.warning('"%(r)s"', {"r": f"GET /heard/{TOKEN}/ HTTP/1.1"})
    finally:
        logger.removeHandler(caplog.handler)

    assert TOKEN not in caplog.text
    assert "GET /heard/…/ HTTP/1.1" in caplog.text


def test_the_access_log_of_gunicorn_leaves_it_out(capsys: pytest.CaptureFixture[str]) -> None:
    settings = Config()
    settings.set("accesslog", "-")
    log = Logger(settings)
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": reverse("backlog:heard", args=[TOKEN]),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": f"https://hear.example/heard/{TOKEN}/",
    }
    answer = SimpleNamespace(status="200 OK", sent=1, headers=[])
    request = SimpleNamespace(headers=[])
    took = SimpleNamespace(seconds=0, microseconds=5)
    log.access(answer, request, environ, took)

    said = capsys.readouterr().out
    assert TOKEN not in said
    assert "GET /heard/…/ HTTP/1.1" in said
