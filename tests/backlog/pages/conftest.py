"""Colleagues who read English, whatever the language of the installation."""

import pytest
from django.test import Client

from backlog.models import (
    Notice,
    User,
)
from tests.backlog.pages.portal import WORDS, tell
from tests.factories import NOON
from tests.factories.backlog import (
    ContactPointFactory,
    CustomerFactory,
    NoticeFactory,
    RequestFactory,
)

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


@pytest.fixture
def notice(db: None) -> Notice:
    """Kim, who reads English, was told of one outcome of what she asked for."""
    kim = CustomerFactory.create(name="Kim", language="en")
    point = ContactPointFactory.create(customer=kim, address="kim@example.org")
    notice = NoticeFactory.create(
        customer=kim, contact_point=point, status="sent", sent_at=NOON, language="en"
    )
    tell(notice, RequestFactory.create(status="delivered"), words=WORDS)
    return notice
