"""What is asked of every address there is, whatever is behind it.

As the administrator, who is let in everywhere; of the API with the session of a browser as well.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import reverse

from backlog.api.framework.paging import KeysetPagination
from backlog.models import CustomerRequest
from config.logs import KEYED
from tests.access.addresses import BY_NAME, address
from tests.access.admin_pages import ADMIN_PAGES
from tests.access.matrix import API, PAGES
from tests.access.world import World

pytestmark = pytest.mark.django_db

IMPOSSIBLE: Final = ("%00", "a%00b", "%ED%A0%80", "%FF", "%C0%80")
"""NUL, half a surrogate pair, and what is no UTF-8."""
ODD: Final = ("9" * 30, "9" * 5000, "-1", "%EF%BC%91", "%E2%80%AE", "..", "_00", "nan")
READ: Final = sorted({row.route for row in (*API, *PAGES) if row.method == "GET"})
WRITTEN: Final = sorted({(row.route, row.method) for row in (*API, *PAGES) if row.method != "GET"})
OF_CUSTOMERS: Final = {"backlog:own-data", "backlog:copy", *(f"backlog:{name}" for name in KEYED)}
FOR_EVERYBODY: Final = {"backlog:changelog", "backlog:changelog-feed", "backlog:sample"}
KEPT_WHILE_THE_SAME: Final = {"api:docs", "api:docs-noun", "api:schema"}
WITH_A_SECRET: Final = {
    *OF_CUSTOMERS,
    *("api:endpoint-secret", "backlog:message", "backlog:message-html"),
}
OF_LISTS: Final = ("q", "o", "p", "all", "e", "id__exact", "id__in", "pk", "_to_field", "_popup")


def _get(world: World, to: str, **more: Any) -> Any:
    with transaction.atomic():
        answer = world.browsers["A"].get(to, **more)
        transaction.set_rollback(True)
    return answer


def _with(name: str, world: World, value: str) -> Iterator[str]:
    """The address of a route, with each of its parameters in turn replaced."""
    fixed = set(BY_NAME[name].path.replace("^", "").replace("$", "").split("/"))
    steps = address(name, world, world.open, "A").partition("?")[0].split("/")
    for place, step in enumerate(steps):
        if step and step not in fixed and step not in ("api", "v1"):
            yield "/".join([*steps[:place], value, *steps[place + 1 :]])


def _nouns() -> list[Any]:
    return [it for it in admin.site._registry.values() if _name(it) in ADMIN_PAGES]


def _name(noun: Any) -> str:
    return str(noun.opts.label_lower.replace(".", "_"))


def _filters(noun: Any, world: World) -> list[str]:
    """What a list of the admin takes: what its filters say, and what Django lets be looked up."""
    page = _get(world, reverse(f"admin:{_name(noun)}_changelist")).context["cl"]
    names = [it for spec in page.filter_specs for it in spec.expected_parameters() if it]
    columns = [each[0] if isinstance(each, tuple) else each for each in noun.list_filter]
    looked_up = [f"{it}{end}" for it in columns if isinstance(it, str) for end in ("__in", "__gte")]
    return [*dict.fromkeys((*OF_LISTS, *names, *looked_up))]


class TestWhatNoTextCanHold:
    @pytest.mark.parametrize("name", READ)
    def test_in_an_address_is_not_found(self, name: str, world: World) -> None:
        for value in IMPOSSIBLE:
            for to in _with(name, world, value):
                assert _get(world, to).status_code == 404, to

    @pytest.mark.parametrize(("name", "method"), WRITTEN)
    def test_in_an_address_that_is_written_to_is_not_found(
        self, name: str, method: str, world: World
    ) -> None:
        for value in ("%00", "%ED%A0%80"):
            for to in _with(name, world, value):
                answer = world.browsers["A"].generic(method, to, "{}", "application/json")
                assert answer.status_code == 404, to

    @pytest.mark.parametrize("name", READ)
    def test_in_a_parameter_is_refused(self, name: str, world: World) -> None:
        to = address(name, world, world.open, "A")
        sign = "&" if "?" in to else "?"
        for value in IMPOSSIBLE:
            for query in (f"product={value}", f"{value}=1", f"q=a&q={value}"):
                assert _get(world, f"{to}{sign}{query}").status_code == 400, (to, query)

    @pytest.mark.parametrize("noun", _nouns(), ids=_name)
    def test_in_the_admin_is_refused(self, noun: Any, world: World) -> None:
        page = f"admin:{_name(noun)}_"
        for each in ("change", "history"):
            to = reverse(page + each, args=["HERE"])
            for value in IMPOSSIBLE:
                assert _get(world, to.replace("HERE", value)).status_code == 404
        for name in _filters(noun, world):
            to = f"{reverse(f'{page}changelist')}?{name}=%00"
            assert _get(world, to).status_code == 400, to

    def test_in_what_a_picker_looks_for_is_refused(self, world: World) -> None:
        to = address("admin:autocomplete", world, world.open, "A")

        assert _get(world, f"{to}&term=a%00").status_code == 400

    def test_in_a_cookie_is_refused(self, world: World) -> None:
        browser = Client(headers={"cookie": 'sessionid="\\000\\000\\000\\000\\000\\000\\000\\000"'})

        assert browser.get("/board/").status_code == 400

    def test_is_named_to_tools(self, world: World) -> None:
        answer = _get(world, "/api/v1/requests/?q=%00&owner=%FF&status=new")

        assert answer["Content-Type"] == "application/problem+json"
        assert [each["parameter"] for each in answer.json()["errors"]] == ["q", "owner"]

    def test_is_told_to_people_in_words(self, world: World) -> None:
        page = _get(world, "/board/?q=%00").content.decode()

        assert "<h1>The address has a parameter that cannot be used.</h1>" in page
        assert "<code>q</code>" in page


class TestWhatIsOdd:
    @pytest.mark.parametrize("name", READ)
    def test_never_breaks_a_page(self, name: str, world: World, read: set[str]) -> None:
        """Also one that is not there, or too long to be a number."""
        for value in ODD:
            for to in _with(name, world, value):
                assert _get(world, to).status_code < 500, to
        to = address(name, world, world.open, "A")
        read.update(_parameters(name))
        _get(world, to)
        tried: set[str] = set()
        while names := read - tried:  # One may be looked for only where another is.
            for each, value in product(sorted(names), ODD[:4]):
                asked = f"{to}{'&' if '?' in to else '?'}{each}={value}"
                assert _get(world, asked).status_code < 500, asked
            tried |= names

    def test_is_tried_in_what_a_page_reads(self, world: World, read: set[str]) -> None:
        """The test above finds the parameters itself."""
        _get(world, address("backlog:board", world, world.open, "A"))

        assert {"q", "status", "owner"} <= read

    @pytest.mark.parametrize("noun", _nouns(), ids=_name)
    def test_never_breaks_a_list_of_the_admin(self, noun: Any, world: World) -> None:
        page = f"admin:{_name(noun)}_"
        for value in ODD:
            to = reverse(page + "change", args=["HERE"]).replace("HERE", value)
            assert _get(world, to).status_code < 500, to
        for name in _filters(noun, world):
            for value in (ODD[0], ODD[2], "nan", "1e400"):
                to = f"{reverse(f'{page}changelist')}?{name}={value}"
                assert _get(world, to).status_code < 500, to


def _parameters(name: str) -> set[str]:
    """What a list of the API takes: it looks for them in other ways, too."""
    filterset = getattr(getattr(BY_NAME[name].view, "cls", None), "filterset_class", None)
    if not BY_NAME[name].actions:
        return set()
    return {*(filterset.base_filters if filterset else ()), *KeysetPagination.parameters}


class TestTwoValues:
    @pytest.mark.parametrize("name", sorted({*READ} - {"api:docs", "api:docs-noun", "api:schema"}))
    def test_are_never_silently_the_last(self, name: str, world: World) -> None:
        to = address(name, world, world.open, "A")
        asked = f"{to}{'&' if '?' in to else '?'}product=PAY&product=SHOP"

        assert _get(world, asked).status_code == 400

    @pytest.mark.parametrize("noun", _nouns(), ids=_name)
    def test_are_either_or_refused_in_the_admin(self, noun: Any, world: World) -> None:
        place = reverse(f"admin:{_name(noun)}_changelist")
        for name in ("q", "o", "p"):
            assert _get(world, f"{place}?{name}=1&{name}=2").status_code == 400

    def test_of_a_status_are_either(self, world: World) -> None:
        asked: CustomerRequest = world.open[CustomerRequest]
        board = reverse("backlog:board", args=[asked.product.prefix])

        for status in ("planned", "new"):
            assert (
                asked.key in _get(world, f"{board}?status={status}&status=planned").content.decode()
            )
        assert _get(world, f"{board}?owner=1&owner=2").status_code == 400

    def test_of_a_status_are_either_in_the_admin(self, world: World) -> None:
        place = reverse("admin:backlog_customerrequest_changelist")
        query = urlencode({"status__exact": ["planned", "new"]}, doseq=True)

        assert world.open[CustomerRequest].key in _get(world, f"{place}?{query}").content.decode()


class TestKeeping:
    @pytest.mark.parametrize("name", READ)
    def test_is_for_nobody_but_the_reader(self, name: str, world: World) -> None:
        answer = _get(world, address(name, world, world.open, "A"))

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

    @pytest.mark.parametrize("noun", _nouns(), ids=_name)
    def test_is_for_nobody_in_the_admin(self, noun: Any, world: World) -> None:
        for each in ("changelist", "add"):
            answer = _get(world, reverse(f"admin:{_name(noun)}_{each}"))
            assert answer["Cache-Control"] == "private, no-store"

    @pytest.mark.parametrize("to", ["/api/v1/tokens/", "/nowhere/", "/api/v1/nowhere/", "/board/"])
    def test_of_a_refusal_is_for_nobody_either(self, to: str, world: World) -> None:
        assert world.browsers["-"].get(to)["Cache-Control"] == "private, no-store"


class TestMethods:
    @pytest.mark.parametrize("name", READ)
    def test_that_ask_for_the_head_get_it(self, name: str, world: World) -> None:
        """As GET, and without a body."""
        to = address(name, world, world.open, "A")
        whole, head = _get(world, to), world.browsers["A"].head(to)

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
    def test_with_the_tag_of_what_is_there_get_304(self, name: str, world: World) -> None:
        to = address(name, world, world.open, "A")
        tag = _get(world, to).get("ETag")
        if tag is None:
            return
        for given in (tag, f"W/{tag}", f'"other", W/{tag}', "*"):
            for method in ("get", "head"):
                asked = getattr(world.browsers["A"], method)
                answer = asked(to, headers={"if-none-match": given})
                assert (answer.status_code, answer.getvalue()) == (304, b""), (to, given)
                assert answer["ETag"] == tag
        assert _get(world, to, headers={"if-none-match": '"other"'}).status_code == 200
