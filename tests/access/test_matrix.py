"""The tables of `matrix.py` hold on every route, and no route is without a row."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import PropertyMock, patch

import pytest
from django.apps import apps
from django.db import transaction
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.urls import reverse

from tests.access.addresses import BY_NAME, address
from tests.access.admin_pages import ADMIN_PAGES, Noun
from tests.access.matrix import ALL, API, EVERYBODY, PAGES, Row
from tests.access.routes import REDIRECTS, routes
from tests.access.world import STRANGER, Rows, World

# Without the mark there would be no database; the world is older than any of these tests.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unwatched")]

LOGIN = "/admin/login/"
OF_A_NOUN = ("changelist", "add", "change", "delete", "history")
# Django's own, for whoever is signed in; the test client would be signed out.
ELSEWHERE = {"admin:logout"}

Said = int | str
Probe = Callable[[str], Said]


def said(response: Any) -> Said:
    if response.status_code == 302 and response["Location"].startswith(LOGIN):
        return "login"
    return int(response.status_code)


@contextmanager
def undone() -> Iterator[None]:
    """What one probe does must not change what the next one finds."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def answers(callers: str, probe: Probe) -> dict[str, Said]:
    found: dict[str, Said] = {}
    for caller in callers:
        with undone():
            found[caller] = probe(caller)
    return found


def expected(row: Row, *, stranger: Said, hidden: bool = False) -> dict[str, Said]:
    let_in = 404 if hidden else row.answer
    signed_in = {caller: let_in if caller in row.who else 403 for caller in ALL}
    signed_in |= {caller: 409 for caller in row.kept_out if not hidden}
    if row.in_person and not hidden:
        signed_in["I"] = 403
    return {STRANGER: row.answer if STRANGER in row.who else stranger, **signed_in}


def call(client: Client, method: str, to: str) -> Said:
    """With an empty body: who is let in is told what is missing."""
    if to.startswith("/api/"):
        return said(client.generic(method, to, "{}", content_type="application/json"))
    return said(client.get(to) if method == "GET" else client.post(to))


def named(rows: Iterable[Row]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows, ids=lambda row: f"{row.method} {row.route}")


def of_product(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row.of_product]


class TestApi:
    @named(API)
    def test_answers_each_role_as_the_table_says(self, row: Row, world: World) -> None:
        found = answers(EVERYBODY, lambda caller: _api(row, world, world.open, caller))

        assert found == expected(row, stranger=401)

    @named(API)
    def test_asks_a_token_for_its_scope(self, row: Row, world: World) -> None:
        with undone():
            to = address(row.route, world, world.open, "I")
            lacking = world.tools[row.scope].generic(
                row.method, to, "{}", content_type="application/json"
            )

        assert (lacking.status_code, lacking.json()["code"]) == (403, "scope_missing")

    @named(of_product(API))
    def test_hides_what_belongs_to_a_closed_product(self, row: Row, world: World) -> None:
        found = answers(EVERYBODY, lambda caller: _api(row, world, world.closed, caller))

        assert found == expected(row, stranger=401, hidden=True)


def _api(row: Row, world: World, rows: Rows, caller: str) -> Said:
    """The integration calls with its token, people from their browsers."""
    client = world.tools[""] if caller == "I" else world.browsers[caller]
    return call(client, row.method, address(row.route, world, rows, caller))


class TestPages:
    @pytest.mark.usefixtures("frameless")
    @named(PAGES)
    def test_answer_each_role_as_the_table_says(self, row: Row, world: World) -> None:
        found = answers(EVERYBODY, lambda caller: _page(row, world, world.open, caller))

        assert found == expected(row, stranger="login")

    @pytest.mark.parametrize("name", ["admin:app_list", "backlog:board", "council:home"])
    def test_have_a_frame_for_each_role(self, name: str, world: World) -> None:
        """The test above leaves it out, which is the same on all of them."""
        [row] = [it for it in PAGES if (it.route, it.method) == (name, "GET")]
        found = answers(EVERYBODY, lambda caller: _page(row, world, world.open, caller))

        assert found == expected(row, stranger="login")

    @named(of_product(PAGES))
    def test_hide_what_belongs_to_a_closed_product(self, row: Row, world: World) -> None:
        found = answers(EVERYBODY, lambda caller: _page(row, world, world.closed, caller))

        assert found == expected(row, stranger="login", hidden=True)


def _page(row: Row, world: World, rows: Rows, caller: str) -> Said:
    return call(world.browsers[caller], row.method, address(row.route, world, rows, caller))


@pytest.fixture
def unrendered() -> Iterator[None]:
    """The admin's views answer; that their templates work is tested elsewhere, and takes long."""
    blank = PropertyMock(return_value="")
    with patch.object(SimpleTemplateResponse, "rendered_content", blank):
        yield


@pytest.mark.usefixtures("unrendered")
class TestAdmin:
    @pytest.mark.parametrize("name", ADMIN_PAGES)
    def test_answers_each_role_as_the_table_says(self, name: str, world: World) -> None:
        for page in _admin_rows(name, ADMIN_PAGES[name]):
            found = _ask(page, world, world.open)
            assert found == expected(page, stranger="login"), page

    @pytest.mark.parametrize("name", [key for key, it in ADMIN_PAGES.items() if it.of_product])
    def test_hides_what_belongs_to_a_closed_product(self, name: str, world: World) -> None:
        for page in of_product(_admin_rows(name, ADMIN_PAGES[name])):
            found = _ask(page, world, world.closed)
            assert found == expected(page, stranger="login", hidden=True), page


def _admin_rows(name: str, noun: Noun) -> Iterator[Row]:
    one = f"admin:{name}_"
    hides = noun.of_product
    # Others' assessments are in nobody's list: theirs are blind, one's own are one's own.
    own = 404 if name == "backlog_assessment" else 200
    yield Row(f"{one}changelist", "GET", 200, noun.see)
    yield Row(f"{one}add", "GET", 200, noun.add)
    yield Row(f"{one}change", "GET", own, noun.see, of_product=hides)
    yield Row(f"{one}change", "POST", 200, noun.edit, of_product=hides)
    yield Row(f"{one}delete", "POST", 200, "", of_product=hides)
    for step, who in noun.steps.items():
        yield Row(f"{one}{step}", "GET", 200, who, of_product=hides)


def _ask(page: Row, world: World, rows: Rows) -> dict[str, Said]:
    app, noun, _page = page.route.removeprefix("admin:").split("_", 2)
    model = apps.get_model(app, noun)
    is_of_all = page.route.endswith(("_changelist", "_add"))
    to = reverse(page.route, args=[] if is_of_all else [rows[model].pk])
    return answers(EVERYBODY, lambda caller: call(world.browsers[caller], page.method, to))


class TestEveryRoute:
    def test_of_the_api_has_a_row_for_each_method(self) -> None:
        there = {
            (route.name, method.upper())
            for route in BY_NAME.values()
            for method in route.actions
            if method != "head"
        }

        assert {(row.route, row.method) for row in API} == there

    def test_of_the_pages_has_a_row(self) -> None:
        pages = {route.name for route in BY_NAME.values() if not route.actions}
        of_nouns = {name for name in pages if name.startswith(("admin:backlog_", "admin:council_"))}

        assert pages - of_nouns - ELSEWHERE - {"", "api:", "admin:"} == {row.route for row in PAGES}

    def test_of_the_admin_belongs_to_a_noun_of_the_table(self) -> None:
        there = {
            name.removeprefix("admin:")
            for name in BY_NAME
            if name.startswith(("admin:backlog_", "admin:council_"))
        }

        assert there == {
            f"{name}_{page}"
            for name, noun in ADMIN_PAGES.items()
            for page in (*OF_A_NOUN, *noun.steps)
        }

    def test_without_a_name_only_leads_elsewhere(self) -> None:
        unnamed = [route.path for route in routes() if route.name.rpartition(":")[2] == ""]

        assert all(path.endswith(REDIRECTS) for path in unnamed), unnamed
