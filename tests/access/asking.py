"""How every address is asked, and what of it is replaced by what is odd."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, Final
from unittest.mock import patch

from django.contrib import admin
from django.db import transaction
from django.template import Context, Template
from django.urls import reverse

from tests.access.addresses import BY_NAME, address
from tests.access.admin_pages import ADMIN_PAGES
from tests.access.matrix import API, PAGES
from tests.access.world import World

READ: Final = sorted({row.route for row in (*API, *PAGES) if row.method == "GET"})
ODD: Final = ("9" * 30, "9" * 5000, "-1", "%EF%BC%91", "%E2%80%AE", "..", "_00", "nan")
OF_LISTS: Final = ("q", "o", "p", "all", "e", "id__exact", "id__in", "pk", "_to_field", "_popup")


def get(world: World, to: str, *, as_shown: bool = False, **more: Any) -> Any:
    """What the administrator is answered; what was done is undone.

    With `as_shown` it has a `context`: what its templates were given.
    """
    with transaction.atomic(), nullcontext() if as_shown else unwatched():
        answer = world.browsers["A"].get(to, **more)
        transaction.set_rollback(True)
    return answer


def _render(template: Template, context: Context) -> Any:
    return template.nodelist.render(context)


@contextmanager
def unwatched() -> Iterator[None]:
    """Nobody copies what every template is given, which Django does for tests that look at it."""
    with patch.object(Template, "_render", _render):
        yield


def replaced(name: str, world: World, value: str) -> Iterator[str]:
    """The address of a route, with each of its parameters in turn replaced."""
    fixed = set(BY_NAME[name].path.replace("^", "").replace("$", "").split("/"))
    steps = address(name, world, world.open, "A").partition("?")[0].split("/")
    for place, step in enumerate(steps):
        if step and step not in fixed and step not in ("api", "v1"):
            yield "/".join([*steps[:place], value, *steps[place + 1 :]])


def nouns() -> list[Any]:
    """The admin's nouns of the table."""
    return [it for it in admin.site._registry.values() if name_of(it) in ADMIN_PAGES]


def name_of(noun: Any) -> str:
    """`backlog_sprint`, as the routes of its pages begin."""
    return str(noun.opts.label_lower.replace(".", "_"))


def filters(noun: Any, world: World) -> list[str]:
    """What a list of the admin takes: what its filters say, and what Django lets be looked up."""
    page = get(world, reverse(f"admin:{name_of(noun)}_changelist"), as_shown=True).context["cl"]
    names = [it for spec in page.filter_specs for it in spec.expected_parameters() if it]
    columns = [each[0] if isinstance(each, tuple) else each for each in noun.list_filter]
    looked_up = [f"{it}{end}" for it in columns if isinstance(it, str) for end in ("__in", "__gte")]
    return [*dict.fromkeys((*OF_LISTS, *names, *looked_up))]
