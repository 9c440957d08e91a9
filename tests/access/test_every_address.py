"""What is asked of every address there is, whatever is behind it.

As the administrator, who is let in everywhere; of the API with the session of a browser as well.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from backlog.models import CustomerRequest
from config.logs import KEYED
from tests.access.addresses import address
from tests.access.asking import READ, filters, get, name_of, nouns, replaced
from tests.access.matrix import API, PAGES
from tests.access.world import World

pytestmark = pytest.mark.django_db

IMPOSSIBLE: Final = ("%00", "a%00b", "%ED%A0%80", "%FF", "%C0%80")
"""NUL, half a surrogate pair, and what is no UTF-8."""
WRITTEN: Final = sorted({(row.route, row.method) for row in (*API, *PAGES) if row.method != "GET"})
OF_CUSTOMERS: Final = {"backlog:own-data", "backlog:copy", *(f"backlog:{name}" for name in KEYED)}
FOR_EVERYBODY: Final = {"backlog:changelog", "backlog:changelog-feed", "backlog:sample"}
KEPT_WHILE_THE_SAME: Final = {"api:docs", "api:docs-noun", "api:schema"}
WITH_A_SECRET: Final = {
    "council:invitation",
    "council:partner",
    *OF_CUSTOMERS,
    *("api:endpoint-secret", "backlog:message", "backlog:message-html"),
}


@pytest.fixture(scope="module")
def plain(world: World) -> Callable[[str], Any]:
    """What the address of a route answers when nothing is odd: asked once for all tests."""
    return cache(lambda name: get(world, address(name, world, world.open, "A")))


class TestWhatNoTextCanHold:
    @pytest.mark.parametrize("name", READ)
    def test_in_an_address_is_not_found(self, name: str, world: World) -> None:
        for value in IMPOSSIBLE:
            for to in replaced(name, world, value):
                assert get(world, to).status_code == 404, to

    @pytest.mark.parametrize(("name", "method"), WRITTEN)
    def test_in_an_address_that_is_written_to_is_not_found(
        self, name: str, method: str, world: World
    ) -> None:
        for value in ("%00", "%ED%A0%80"):
            for to in replaced(name, world, value):
                answer = world.browsers["A"].generic(method, to, "{}", "application/json")
                assert answer.status_code == 404, to

    @pytest.mark.parametrize("name", READ)
    def test_in_a_parameter_is_refused(self, name: str, world: World) -> None:
        to = address(name, world, world.open, "A")
        sign = "&" if "?" in to else "?"
        for value in IMPOSSIBLE:
            for query in (f"product={value}", f"{value}=1", f"q=a&q={value}"):
                assert get(world, f"{to}{sign}{query}").status_code == 400, (to, query)

    @pytest.mark.parametrize("noun", nouns(), ids=name_of)
    def test_in_the_admin_is_refused(self, noun: Any, world: World) -> None:
        page = f"admin:{name_of(noun)}_"
        for each in ("change", "history"):
            to = reverse(page + each, args=["HERE"])
            for value in IMPOSSIBLE:
                assert get(world, to.replace("HERE", value)).status_code == 404
        for name in filters(noun, world):
            to = f"{reverse(f'{page}changelist')}?{name}=%00"
            assert get(world, to).status_code == 400, to

    def test_in_what_a_picker_looks_for_is_refused(self, world: World) -> None:
        to = address("admin:autocomplete", world, world.open, "A")

        assert get(world, f"{to}&term=a%00").status_code == 400

    def test_in_a_cookie_is_refused(self, world: World) -> None:
        browser = Client(headers={"cookie": 'sessionid="\\000\\000\\000\\000\\000\\000\\000\\000"'})

        assert browser.get("/board/").status_code == 400

    def test_is_named_to_tools(self, world: World) -> None:
        answer = get(world, "/api/v1/requests/?q=%00&owner=%FF&status=new")

        assert answer["Content-Type"] == "application/problem+json"
        assert [each["parameter"] for each in answer.json()["errors"]] == ["q", "owner"]

    def test_is_told_to_people_in_words(self, world: World) -> None:
        page = get(world, "/board/?q=%00").content.decode()

        assert "<h1>The address has a parameter that cannot be used.</h1>" in page
        assert "<code>q</code>" in page


class TestTwoValues:
    @pytest.mark.parametrize("name", sorted({*READ} - {"api:docs", "api:docs-noun", "api:schema"}))
    def test_are_never_silently_the_last(self, name: str, world: World) -> None:
        to = address(name, world, world.open, "A")
        asked = f"{to}{'&' if '?' in to else '?'}product=PAY&product=SHOP"

        assert get(world, asked).status_code == 400

    @pytest.mark.parametrize("noun", nouns(), ids=name_of)
    def test_are_either_or_refused_in_the_admin(self, noun: Any, world: World) -> None:
        place = reverse(f"admin:{name_of(noun)}_changelist")
        for name in ("q", "o", "p"):
            assert get(world, f"{place}?{name}=1&{name}=2").status_code == 400

    def test_of_a_status_are_either(self, world: World) -> None:
        asked: CustomerRequest = world.open[CustomerRequest]
        board = reverse("backlog:board", args=[asked.product.prefix])

        for status in ("planned", "new"):
            assert (
                asked.key in get(world, f"{board}?status={status}&status=planned").content.decode()
            )
        assert get(world, f"{board}?owner=1&owner=2").status_code == 400

    def test_of_a_status_are_either_in_the_admin(self, world: World) -> None:
        place = reverse("admin:backlog_customerrequest_changelist")
        query = urlencode({"status__exact": ["planned", "new"]}, doseq=True)

        assert world.open[CustomerRequest].key in get(world, f"{place}?{query}").content.decode()


class TestKeeping:
    @pytest.mark.parametrize("name", READ)
    def test_is_for_nobody_but_the_reader(self, name: str, plain: Callable[[str], Any]) -> None:
        answer = plain(name)

        if name in FOR_EVERYBODY:
            assert set(answer["Cache-Control"].split(", ")) == {"max-age=300", "public"}
            assert {"Cookie", "Accept-Language"} <= set(answer["Vary"].split(", "))
        elif name in KEPT_WHILE_THE_SAME:
            assert answer["Cache-Control"] == "public, no-cache"
            assert {"Cookie", "Accept-Language"} <= set(answer["Vary"].split(", "))
        elif name in WITH_A_SECRET:
            assert answer["Cache-Control"] == "private, no-store, no-transform"
        else:
            assert answer["Cache-Control"] == "private, no-store"

    @pytest.mark.parametrize("noun", nouns(), ids=name_of)
    def test_is_for_nobody_in_the_admin(self, noun: Any, world: World) -> None:
        for each in ("changelist", "add"):
            answer = get(world, reverse(f"admin:{name_of(noun)}_{each}"))
            assert answer["Cache-Control"] == "private, no-store"

    @pytest.mark.parametrize("to", ["/api/v1/tokens/", "/nowhere/", "/api/v1/nowhere/", "/board/"])
    def test_of_a_refusal_is_for_nobody_either(self, to: str, world: World) -> None:
        assert world.browsers["-"].get(to)["Cache-Control"] == "private, no-store"


class TestMethods:
    @pytest.mark.parametrize("name", READ)
    def test_that_ask_for_the_head_get_it(
        self, name: str, world: World, plain: Callable[[str], Any]
    ) -> None:
        """As GET, and without a body."""
        to = address(name, world, world.open, "A")
        whole, head = plain(name), world.browsers["A"].head(to)

        assert head.status_code == whole.status_code
        assert not head.getvalue()
        assert head["Content-Type"] == whole["Content-Type"]

    @pytest.mark.parametrize("name", sorted({*READ, *(route for route, _ in WRITTEN)}))
    def test_are_those_that_the_answer_lists(self, name: str, world: World) -> None:
        to = address(name, world, world.open, "A")
        answer = world.browsers["A"].options(to)

        if name.startswith("api:"):
            assert answer.status_code in (200, 204)
        if answer.status_code == 405:
            assert "OPTIONS" not in answer["Allow"]
            assert answer.content

    @pytest.mark.parametrize("name", READ)
    def test_with_the_tag_of_what_is_there_get_304(
        self, name: str, world: World, plain: Callable[[str], Any]
    ) -> None:
        to = address(name, world, world.open, "A")
        tag = plain(name).get("ETag")
        if tag is None:
            return
        for given in (tag, f"W/{tag}", f'"other", W/{tag}', "*"):
            for method in ("get", "head"):
                asked = getattr(world.browsers["A"], method)
                answer = asked(to, headers={"if-none-match": given})
                assert (answer.status_code, answer.getvalue()) == (304, b""), (to, given)
                assert answer["ETag"] == tag
        assert get(world, to, headers={"if-none-match": '"other"'}).status_code == 200
