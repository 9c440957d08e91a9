from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from backlog.models import User
from tests import refusals

every_refusal_is_described = refusals.every_refusal_is_described


@pytest.fixture
def acting() -> Callable[[User], APIClient]:
    """`acting(omar)`: the API as Omar uses it from his browser."""

    def act(person: User) -> APIClient:
        client = APIClient()
        client.force_authenticate(person)
        return client

    return act


@pytest.fixture
def admin(acting: Callable[[User], APIClient], ada: User) -> APIClient:
    """The API as Ada uses it, who sees and may do everything."""
    return acting(ada)
