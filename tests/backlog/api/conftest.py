from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from backlog.models import (
    Commitment,
    CustomerRequest,
    Sprint,
    User,
)
from tests import refusals
from tests.factories import NOON, backlog

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


@pytest.fixture
def approved(db: None) -> CustomerRequest:
    made: CustomerRequest = backlog.RequestFactory.create(
        product__prefix="PAY", number=1, status="approved"
    )
    return made


@pytest.fixture
def running(approved: CustomerRequest) -> Sprint:
    made: Sprint = backlog.SprintFactory.create(
        product=approved.product, status="active", started_at=NOON
    )
    return made


@pytest.fixture
def commitment(running: Sprint) -> Commitment:
    made: Commitment = backlog.CommitmentFactory.create(
        sprint=running, request__status="in_progress"
    )
    return made
