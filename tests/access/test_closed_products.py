"""No word of a closed product reaches who may not see it, on whatever page it might stand."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.db.models import Model
from django.urls import reverse

from backlog.models import Customer, Product, ProductGrant
from council.models import Council, Meeting, Seat
from tests.access.addresses import BY_NAME, address
from tests.access.admin_pages import ADMIN_PAGES
from tests.access.matrix import API, PAGES, Row
from tests.access.world import SECRET, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unwatched")]

# Behind the link that was mailed to them, people read all that they said themselves.
OWN = ("backlog:copy", "backlog:heard")
READABLE = [
    row
    for row in (*API, *PAGES)
    if row.method == "GET" and row.answer == 200 and row.route not in OWN
]
# What belongs to no product and yet points at rows that do.
AROUND: dict[str, type[Model]] = {
    "council_council": Council,
    "council_seat": Seat,
    "council_meeting": Meeting,
    "backlog_customer": Customer,
}
# What one can choose from: the noun, its column, and what the column leads to.
CHOICES = [
    (model._meta.app_label, str(model._meta.model_name), field.name)
    for model in admin.site._registry
    for field in (*model._meta.fields, *model._meta.many_to_many)
    if field.remote_field
]


def text(response: Any) -> str:
    """All of it, whether it comes in one piece or streams, or is packed as a workbook."""
    content = bytes(response.getvalue())
    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return "".join(packed.read(name).decode() for name in packed.namelist())


@pytest.mark.parametrize("row", READABLE, ids=lambda row: row.route)
@pytest.mark.parametrize("caller", ["P", "A"])
def test_lists_and_pages_say_nothing(row: Row, caller: str, world: World) -> None:
    answer = world.browsers[caller].get(address(row.route, world, world.open, caller))

    assert SECRET not in text(answer)


@pytest.mark.parametrize("name", ADMIN_PAGES)
def test_the_admins_lists_say_nothing(name: str, world: World) -> None:
    for to in _admin_pages(name, world):
        answer = world.browsers["A"].get(to)

        assert answer.status_code in (200, 403), to
        assert SECRET not in text(answer), to


def _admin_pages(name: str, world: World) -> Iterator[str]:
    """The list, also narrowed to the closed product or its request, the form to add, and around."""
    listed = reverse(f"admin:{name}_changelist")
    yield listed
    yield reverse(f"admin:{name}_add")
    model = next(each for each in admin.site._registry if _name(each) == name)
    for field in model._meta.get_fields():
        points_at = field.related_model if field.concrete else None
        if points_at in world.closed and _is_filter(model, field.name):
            yield f"{listed}?{urlencode({f'{field.name}__id__exact': world.closed[points_at].pk})}"
    if name in AROUND:
        yield reverse(f"admin:{name}_change", args=[world.closed[AROUND[name]].pk])


def _name(model: type[Model]) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}"


def _is_filter(model: type[Model], name: str) -> bool:
    filters = admin.site._registry[model].list_filter
    return any(isinstance(each, tuple | list) and each[0] == name for each in filters)


@pytest.mark.parametrize(("app", "noun", "column"), CHOICES)
def test_choices_do_not_offer_it(app: str, noun: str, column: str, world: World) -> None:
    asked = {"app_label": app, "model_name": noun, "field_name": column}
    answer = world.browsers["A"].get(reverse("admin:autocomplete"), asked)

    assert answer.status_code in (200, 403)
    assert SECRET not in text(answer)


class TestWhoWasGrantedIt:
    """Else the tests above could pass because nothing is ever shown."""

    def test_reads_it_everywhere(self, world: World) -> None:
        ProductGrant.objects.create(product=world.closed[Product], user=world.users["A"])
        browser = world.browsers["A"]
        silent = {
            row.route
            for row in READABLE
            if row.of_product
            and SECRET not in text(browser.get(address(row.route, world, world.closed, "A")))
        }

        # These hold no words, or none but one's own.
        assert silent == {
            "api:assessment-list",
            "api:endpoint-secret",
            "api:product-grants",
            "api:request-department-steps",
            "api:request-explain",
            "api:request-voices",
            "api:sprint-burn-up",
            "api:sprint-capacities",
        }

    def test_of_each_noun_finds_it_in_a_list(self, world: World) -> None:
        ProductGrant.objects.create(product=world.closed[Product], user=world.users["A"])
        browser = world.browsers["A"]
        silent = {
            name
            for name, noun in ADMIN_PAGES.items()
            if noun.of_product
            and SECRET not in text(browser.get(reverse(f"admin:{name}_changelist")))
        }

        assert silent == {"backlog_assessment", "council_seal"}


def test_every_page_that_can_be_read_is_looked_at() -> None:
    assert {row.route for row in READABLE} <= set(BY_NAME)
