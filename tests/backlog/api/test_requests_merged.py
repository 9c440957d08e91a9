"""Merging and un-merging by the API."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from backlog.models import CustomerRequest, User
from tests.factories.backlog import CommitmentFactory, ProductFactory, RequestFactory

Acting = Callable[[User], APIClient]
BODY = {"reason": "The same."}


@pytest.fixture
def pair(db: None) -> tuple[CustomerRequest, CustomerRequest]:
    product = ProductFactory.create(prefix="PAY")
    return RequestFactory.create(product=product), RequestFactory.create(product=product)


def url(row: CustomerRequest, act: str) -> str:
    return f"/api/v1/requests/{row.key}/{act}/"


def test_answers_with_the_survivor_and_back(
    mina: User, acting: Acting, pair: tuple[CustomerRequest, CustomerRequest]
) -> None:
    slow, fast = pair
    api = acting(mina)

    merged = api.post(url(slow, "merge"), {"into": fast.key, **BODY}, format="json")

    assert (merged.status_code, merged.data["key"]) == (200, fast.key)
    read = api.get(url(slow, "")[:-1]).data
    assert (read["status"], read["merged_into"]) == ("merged", fast.pk)

    unmerged = api.post(url(slow, "unmerge"), BODY, format="json")
    assert (unmerged.data["key"], unmerged.data["status"]) == (slow.key, slow.status)


def test_a_closed_product_has_nothing_to_merge_into(
    mina: User, acting: Acting, pair: tuple[CustomerRequest, CustomerRequest]
) -> None:
    secret = RequestFactory.create(product__is_open=False)
    said = {"into": secret.key, **BODY}
    assert acting(mina).post(url(pair[0], "merge"), said, format="json").status_code == 422


def test_says_why_not(
    mina: User, acting: Acting, pair: tuple[CustomerRequest, CustomerRequest]
) -> None:
    slow, fast = pair
    CommitmentFactory.create(request=slow)
    api = acting(mina)

    refused = api.post(url(slow, "merge"), {"into": fast.key, **BODY}, format="json")
    not_merged = api.post(url(slow, "unmerge"), BODY, format="json")

    assert (refused.status_code, refused.data["code"]) == (409, "already_committed")
    assert (not_merged.status_code, not_merged.data["code"]) == (409, "illegal_transition")
