"""Merging and un-merging customers by the API."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from backlog.models import Customer, User
from tests.factories.backlog import CustomerFactory

Acting = Callable[[User], APIClient]
BODY = {"reason": "The same person."}


@pytest.fixture
def two(db: None) -> tuple[Customer, Customer]:
    return CustomerFactory.create(name="Kim Jisu"), CustomerFactory.create(name="Jisu Kim")


def url(row: Customer, act: str) -> str:
    return f"/api/v1/customers/{row.pk}/{act}/"


def test_answers_with_the_survivor_and_back(
    mina: User, acting: Acting, two: tuple[Customer, Customer]
) -> None:
    old, new = two
    api = acting(mina)

    merged = api.post(url(old, "merge"), {"into": new.pk, **BODY}, format="json")
    assert (merged.status_code, merged.data["id"]) == (200, new.pk)
    assert api.get(url(old, "")[:-1]).data["merged_into"] == new.pk

    unmerged = api.post(url(old, "unmerge"), BODY, format="json")
    assert (unmerged.data["id"], unmerged.data["merged_into"]) == (old.pk, None)


def test_a_cycle_is_refused_and_names_the_survivor(
    mina: User, acting: Acting, two: tuple[Customer, Customer]
) -> None:
    old, new = two
    api = acting(mina)
    api.post(url(old, "merge"), {"into": new.pk, **BODY}, format="json")

    refused = api.post(url(new, "merge"), {"into": old.pk, **BODY}, format="json")

    assert (refused.status_code, refused.data["code"]) == (409, "customer_merged")
    assert refused.data["details"]["survivor"] == new.pk


@pytest.mark.parametrize("body", [{}, {"into": 10**30, **BODY}, {"into": "x", **BODY}])
def test_nonsense_is_refused(
    mina: User, acting: Acting, two: tuple[Customer, Customer], body: dict[str, object]
) -> None:
    assert acting(mina).post(url(two[0], "merge"), body, format="json").status_code == 422


def test_into_themselves_is_refused(
    mina: User, acting: Acting, two: tuple[Customer, Customer]
) -> None:
    body = {"into": two[0].pk, **BODY}
    refused = acting(mina).post(url(two[0], "merge"), body, format="json")
    assert refused.status_code == 422
    assert "into_itself" in str(refused.data)
