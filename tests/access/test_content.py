"""What answers contain: for each role, everything it can read holds nothing that it may not know.

The table says who may read what. Every route is walked as it is in the tables of `matrix.py`, so a
new one needs no word here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import pytest
from django.urls import reverse

from backlog.api import urls as backlog_urls
from backlog.models import Customer
from council.api import urls as council_urls
from tests.access import world as planted
from tests.access.admin_pages import ADMIN_PAGES
from tests.access.matrix import ADMIN, ALL, PERSONAL
from tests.access.walk import FOLLOWS, read_all
from tests.access.world import ROLES, World

pytestmark = pytest.mark.django_db

Texts = Callable[[World, str], Iterable[str]]


@dataclass(frozen=True)
class Kept:
    """Something that only some roles read, and the texts by which it is found in an answer."""

    what: str
    who: str
    texts: Texts


def _of_the_customer(world: World, caller: str) -> Iterable[str]:
    token = Customer.objects.get(pk=planted.CUSTOMER_ID).token
    return (planted.PERSON, planted.ADDRESS, planted.ACCOUNT, planted.EXTERNAL, token)


def _others_tokens(world: World, caller: str) -> Iterable[str]:
    return [token.token_key for key, token in world.own_tokens.items() if key != caller]


IDS: Final = (planted.CUSTOMER_ID, planted.ACCOUNT_ID)
KEPT: Final = (
    Kept("who customers are", PERSONAL, _of_the_customer),
    Kept("the ids of customers and accounts", PERSONAL, lambda *_: map(str, IDS)),
    Kept("what customers' words came in", PERSONAL, lambda *_: [planted.PAYLOAD]),
    Kept("what a mail server said", PERSONAL, lambda *_: [planted.SERVER]),
    Kept("how others' tokens begin", ADMIN, _others_tokens),
    Kept("anything of a closed product", "", lambda *_: [planted.SECRET]),
)


# One of those who may not see customers and one of those who may; the long run asks all roles.
ASKED: Final = ALL if FOLLOWS else "CP"


@pytest.mark.usefixtures("unwatched")
@pytest.mark.parametrize("caller", ASKED, ids=lambda key: ROLES[key].replace(" ", "_"))
def test_a_role_reads_what_it_may_and_nothing_else(caller: str, world: World) -> None:
    told: dict[str, set[str]] = {kept.what: set() for kept in KEPT}
    for to, answer in read_all(caller, world):
        for kept in KEPT:
            # What one asked for oneself may be said back.
            if any(text in answer and text not in to for text in kept.texts(world, caller)):
                told[kept.what].add(to)

    for kept in KEPT:
        if caller in kept.who:
            assert told[kept.what], f"{kept.what}: found nowhere, so this test shows nothing"
        else:
            assert told[kept.what] == set(), kept.what


RESOURCES: Final = [
    (f"api:{basename}-list", filterset)
    for router in (backlog_urls.router, council_urls.router)
    for _prefix, viewset, basename in router.registry
    if (filterset := getattr(viewset, "filterset_class", None)) is not None
]
CONDITIONAL: Final = [
    (route, name, found.permission)
    for route, filterset in RESOURCES
    for name, found in filterset.base_filters.items()
    if hasattr(found, "permission")
]


@pytest.mark.parametrize(("route", "name", "permission"), CONDITIONAL)
@pytest.mark.parametrize("caller", ALL)
def test_a_filter_by_what_one_may_not_see_is_none(
    route: str, name: str, permission: str, caller: str, world: World
) -> None:
    client = world.tools[""] if caller == "I" else world.browsers[caller]
    answer = client.get(reverse(route), {name: planted.CUSTOMER_ID})

    if world.users[caller].has_perm(permission):
        assert answer.status_code == 200
    elif answer.status_code != 403:
        assert (answer.status_code, answer.json()["code"]) == (400, "unknown_parameter")


def test_every_filter_that_leads_to_a_customer_asks_for_the_permission() -> None:
    """Of a column, or of a method: named so, or going there."""
    leading = {
        (route, name)
        for route, filterset in RESOURCES
        for name, found in filterset.base_filters.items()
        if name in ("customer", "account") or "customer__pk" in str(found.field_name)
    }

    leading.add(("api:request-list", "segment"))
    # Of the customers themselves, who may not see them reads nothing to narrow.
    assert leading - {("api:customer-list", "account")} == {
        (route, name) for route, name, _permission in CONDITIONAL
    }


@pytest.mark.parametrize("name", ADMIN_PAGES)
@pytest.mark.parametrize("word", [planted.PERSON, planted.ADDRESS, planted.EXTERNAL])
def test_a_search_for_a_customer_finds_nothing_for_who_may_not_see_one(
    name: str, word: str, world: World
) -> None:
    listed = reverse(f"admin:{name}_changelist")
    answer = world.browsers["C"].get(listed, {"q": word})

    if answer.status_code != 403:
        assert list(answer.context["cl"].queryset) == []
