import pytest
from django.test import Client

from backlog.models import User
from council.models import Council
from tests.factories import council


@pytest.fixture
def body(sora: User, ada: User) -> Council:
    """The council that Sora is the secretary of."""
    return council.CouncilFactory.create(chair=ada, secretary=sora)


@pytest.fixture
def as_sora(client: Client, sora: User) -> Client:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(sora, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def as_ada(client: Client, ada: User) -> Client:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    return client
