"""Views of boards through the API."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from backlog.models import Product, User, View
from tests.factories.backlog import ProductFactory, ViewFactory

LIST = "/api/v1/views/"
SAID = {"product": "PAY", "name": "Fresh", "wanted": {"status": ["new"]}}
Acting = Callable[[User], APIClient]


@pytest.fixture
def product(db: None) -> Product:
    return ProductFactory.create(prefix="PAY")


def test_keeps_one_and_takes_its_place(api: APIClient, product: Product) -> None:
    first = api.post(LIST, {**SAID, "is_default": True}, format="json")
    again = api.post(LIST, {**SAID, "wanted": {"q": ["x"]}}, format="json")

    assert (first.status_code, first.data["is_shared"]) == (201, True)
    assert again.data["id"] == first.data["id"]
    assert (again.data["wanted"], again.data["is_default"]) == ({"q": ["x"]}, False)


def test_lists_ones_own_and_what_is_shared(
    acting: Acting, product: Product, mina: User, omar: User
) -> None:
    own = ViewFactory.create(user=omar)
    shared = ViewFactory.create(user=mina, product=product, is_shared=True)
    ViewFactory.create(user=mina, product=product)

    answer = acting(omar).get(LIST)

    assert {row["id"] for row in answer.data["results"]} == {own.pk, shared.pk}


def test_is_forgotten_by_who_keeps_it(
    acting: Acting, product: Product, mina: User, omar: User
) -> None:
    view = ViewFactory.create(user=mina, product=product, is_shared=True)

    assert acting(omar).post(f"{LIST}{view.pk}/forget/").status_code == 403
    assert acting(mina).post(f"{LIST}{view.pk}/forget/").status_code == 204
    assert not View.objects.exists()


@pytest.mark.parametrize(
    "said",
    [
        {},
        {**SAID, "product": "X"},
        {**SAID, "name": ""},
        {**SAID, "wanted": ["status"]},
        {**SAID, "wanted": {}},
    ],
)
def test_refuses_what_makes_no_sense(
    api: APIClient, product: Product, said: dict[str, object]
) -> None:
    assert api.post(LIST, said, format="json").status_code == 422


def test_sharing_takes_the_right_to_edit(acting: Acting, omar: User, product: Product) -> None:
    answer = acting(omar).post(LIST, {**SAID, "is_shared": True}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing")
