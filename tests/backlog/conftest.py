"""Fixtures of several folders."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from pytest_django import Settings

from backlog import tasks
from tests import smtp


@pytest.fixture
def box(settings: Settings) -> Iterator[smtp.Postbox]:
    """A mail server, and all mail goes to it."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    with smtp.postbox() as box:
        settings.EMAIL_PORT = box.port
        yield box


@pytest.fixture
def nudges(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What was put on the broker, which is not there."""
    sent = list[str]()
    monkeypatch.setattr(tasks.deliver_notices, "delay", lambda: sent.append("deliver"))
    cache.clear()
    yield sent
    cache.clear()
