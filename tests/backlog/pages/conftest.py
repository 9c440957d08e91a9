"""Colleagues who read English, whatever the language of the installation."""

import pytest
from django.test import Client

from backlog.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def mina_pages(mina: User) -> Client:
    return signed_in(mina)


@pytest.fixture
def omar_pages(omar: User) -> Client:
    return signed_in(omar)
