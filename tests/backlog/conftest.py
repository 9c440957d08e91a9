"""Fixtures of several folders."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests import smtp


@pytest.fixture
def box(settings: Settings) -> Iterator[smtp.Postbox]:
    """A mail server, and all mail goes to it."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    with smtp.postbox() as box:
        settings.EMAIL_PORT = box.port
        yield box
