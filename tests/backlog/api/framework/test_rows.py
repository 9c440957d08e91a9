"""Rows that are read as plain values are shown as Django REST framework shows the rows themselves.

And as the description says: with its properties, in its order, and valid by it.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from django.urls import resolve
from django.utils.translation import gettext_lazy
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from rest_framework import renderers, serializers
from rest_framework.test import APIClient, APIRequestFactory

from backlog.api.framework import base, fields, rendering, rows
from backlog.models import User
from backlog.rules import bounds
from tests.backlog.api.test_lists import LISTS, ROWS, a_request, address
from tests.factories import backlog

every_list = pytest.mark.parametrize("name", LISTS)


def _as_the_framework_does(self: Any, row: Any) -> Any:
    if self.is_hidden(self.context):
        return None
    return serializers.ModelSerializer.to_representation(self, row)


class Framework:
    """What Django REST framework would answer: rows as instances, and each field asked of each."""

    def __init__(self, path: str, person: User) -> None:
        found: Any = resolve(path)
        view: Any = found.func.cls(**found.func.initkwargs)
        view.action_map = {"get": "list"}
        view.setup(APIRequestFactory().get(path), *found.args, **found.kwargs)
        view.request = view.initialize_request(view.request)
        view.request.user = person
        view.format_kwarg = None
        self.view: base.List[Any] = view

    def shown(self) -> list[Any]:
        order = self.view.default_ordering
        queryset = self.view.get_queryset().order_by(order, "-pk" if order[0] == "-" else "pk")
        shown = self.view.get_serializer(queryset, many=True).data
        return [dict(each) for each in shown]


@pytest.fixture(autouse=True)
def the_request(db: None) -> None:
    a_request()


@pytest.fixture(params=["ada", "omar"])
def person(request: pytest.FixtureRequest) -> User:
    """Somebody who sees all there is, and somebody who sees no customers."""
    found: User = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def by_the_framework(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fields.Read, "to_representation", _as_the_framework_does)
    monkeypatch.setattr(
        fields.Moment, "to_representation", serializers.DateTimeField.to_representation
    )


@every_list
@pytest.mark.usefixtures("by_the_framework")
def test_a_list_is_what_the_framework_writes(
    name: str, person: User, acting: Callable[[User], APIClient], ada: User
) -> None:
    for _ in range(3):
        ROWS[name](ada)
    path = address(name)

    answer = acting(person).get(path)

    if answer.status_code == 403:
        assert person != ada
        return
    expected = Framework(path, person).shown()
    assert expected or person != ada
    written = renderers.JSONRenderer().render(rows.excerpts(expected))
    assert answer.content.partition(b'"results":')[2] == written + b"}"


@every_list
@pytest.mark.usefixtures("by_the_framework")
def test_a_row_is_what_the_framework_writes(name: str, ada: User, admin: APIClient) -> None:
    ROWS[name](ada)
    path = address(name)
    framework = Framework(path, ada)
    if not hasattr(framework.view, "retrieve"):
        return
    [expected, *_others] = framework.shown()

    answer = admin.get(f"{path}{expected['id']}/")

    assert answer.content == renderers.JSONRenderer().render(expected)


@every_list
def test_a_list_is_what_the_description_says(name: str, admin: APIClient, ada: User) -> None:
    ROWS[name](ada)
    path = address(name)
    shape = _described(path)

    [row, *_others] = admin.get(path).json()["results"]

    assert list(row) == list(shape["properties"])
    whole = {**shape, "components": _description()["components"]}
    assert not list(Draft202012Validator(whole).iter_errors(row))


@cache
def _description() -> Any:
    generator: Any = SchemaGenerator
    return generator().get_schema(request=None, public=True)


def _described(path: str) -> Any:
    described = path.replace("/PAY-1/", "/{key}/")
    answer = _description()["paths"][described]["get"]["responses"]["200"]
    page = answer["content"]["application/json"]["schema"]
    components = _description()["components"]["schemas"]
    if "$ref" in page:
        page = components[page["$ref"].rpartition("/")[2]]
    return components[page["properties"]["results"]["items"]["$ref"].rpartition("/")[2]]


class TestExcerpts:
    def test_reach_every_text_of_a_list(self) -> None:
        long = "x" * 5_000
        cut = rows.excerpts([{"a": long, "b": {"c": [long, 1, None]}, "d": "short"}])

        assert {len(cut[0]["a"]), len(cut[0]["b"]["c"][0])} == {bounds.EXCERPT}
        assert (cut[0]["b"]["c"][1:], cut[0]["d"]) == ([1, None], "short")

    def test_are_for_lists_and_the_row_itself_is_whole(self, admin: APIClient) -> None:
        long = "x" * 5_000
        said = backlog.FeedbackFactory.create(verbatim=long)

        [shown] = admin.get("/api/v1/feedback/").json()["results"]

        assert shown["verbatim"] == "x" * (bounds.EXCERPT - 1) + "…"
        assert admin.get(f"/api/v1/feedback/{said.pk}/").json()["verbatim"] == long


class TestJson:
    @pytest.mark.parametrize(
        "value",
        [
            {"text": '결제 \u0000 " </script>', "none": None, "yes": True, "number": 1.5},
            {1: "a number as a name"},
            {"beyond 64 bits": 10**30},
            {"title": gettext_lazy("Score")},
            {"days": Decimal("2.50")},
            [],
        ],
        ids=str,
    )
    def test_is_what_the_framework_writes(self, value: Any) -> None:
        assert rendering.dumps(value) == renderers.JSONRenderer().render(value)

    def test_has_two_ways_of_its_own(self) -> None:
        assert rendering.dumps([1e-5, "\u2028"]) == '[0.00001,"\u2028"]'.encode()

    def test_is_nothing_for_nothing(self) -> None:
        assert rendering.JSONRenderer().render(None) == b""
