"""What is written to every form of a page and of the admin, whatever is in it: never a 5xx.

A NUL is refused by PostgreSQL alone, and by no form of Django's that is not a CharField.
"""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.contrib import admin
from django.db import transaction
from django.urls import reverse

from tests.access.addresses import address
from tests.access.admin_pages import ADMIN_PAGES
from tests.access.asking import unwatched
from tests.access.matrix import PAGES
from tests.access.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frameless")]

NUL: Final = "a\x00b"
POSTED: Final = sorted({row.route for row in PAGES if row.method == "POST"})
NOUNS: Final = sorted(ADMIN_PAGES)


def _status(world: World, to: str, body: dict[str, Any]) -> int:
    with transaction.atomic(), unwatched():
        answer = world.browsers["A"].post(to, body)
        transaction.set_rollback(True)
    return int(answer.status_code)


@pytest.mark.parametrize("name", POSTED)
def test_a_nul_in_what_a_page_is_sent_never_breaks_it(
    name: str, world: World, read: set[str]
) -> None:
    to = address(name, world, world.open, "A")
    _status(world, to, {"nothing": "1"})
    names = sorted(read)
    plain = dict.fromkeys(names, "1")

    assert _status(world, to, dict.fromkeys(names, NUL)) < 500
    for each in names:
        assert _status(world, to, {**plain, each: NUL}) < 500, each


def _forms_of(name: str, world: World) -> Iterator[str]:
    label = name.replace("_", ".", 1)
    noun: Any = next(it for it in admin.site._registry.values() if it.opts.label_lower == label)
    row = noun.model._default_manager.order_by("pk").first()
    yield reverse(f"admin:{name}_add")
    if row is not None:
        yield reverse(f"admin:{name}_change", args=[row.pk])
        for step in ADMIN_PAGES[name].steps:
            yield reverse(f"admin:{name}_{step}", args=[row.pk])


def _shown(page: Any) -> dict[str, Any]:
    """What a browser would send back of the form on it."""
    context: Any = page.context or {}
    form = context["adminform"].form if "adminform" in context else context.get("form")
    fields = getattr(form, "fields", {})
    values = {each: form[each].value() for each in fields}
    return {each: "1" if value is None else value for each, value in values.items()}


@pytest.mark.parametrize("name", NOUNS)
def test_a_nul_in_what_the_admin_is_sent_never_breaks_it(name: str, world: World) -> None:
    for to in _forms_of(name, world):
        page = world.browsers["A"].get(to)
        if page.status_code != 200:
            continue
        shown = {each: it for each, it in _shown(page).items() if not isinstance(it, list)}
        shown = {each: getattr(it, "pk", it) for each, it in shown.items()}
        for each in shown:
            for body in ({**shown, each: NUL}, {each: NUL}):
                assert _status(world, to, {**body, "_answered": "1"}) < 500, (to, each)
