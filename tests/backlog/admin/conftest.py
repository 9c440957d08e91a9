import pytest
from django.test import Client

from backlog.models import User


@pytest.fixture(autouse=True)
def in_english(client: Client) -> None:
    """The browser's language: tests read what the pages say."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


@pytest.fixture
def as_ada(client: Client, ada: User) -> Client:
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def as_omar(client: Client, omar: User) -> Client:
    client.force_login(omar, backend="django.contrib.auth.backends.ModelBackend")
    return client
