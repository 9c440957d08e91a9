"""Everything that shows what is stored: lists, rows, pages, the admin, the feed, the files."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from backlog.models import Notice, Outcome, Product, StatusUpdate
from council.models import Meeting
from tests.access.addresses import BY_NAME, address
from tests.access.matrix import API, PAGES
from tests.access.world import Rows, World

NOT_READ = {"backlog:message", "backlog:message-html", "admin:view_on_site"}
"""The mailbox holds what was sent before, not what is stored now."""


def addresses(world: World, caller: str) -> Iterator[str]:
    """Of the rows of the open product, and of the newest row of each kind."""
    newest: Rows = world.open | _newest(world.open)
    for rows in (world.open, newest):
        for row in (*API, *PAGES):
            if row.method == "GET" and row.route not in NOT_READ:
                # Its mails are known by the product.
                here: Rows = rows | {Product: world.open[Product]}
                yield address(row.route, world, here, caller)
        yield from _of_the_admin(rows)
    yield from (f"{reverse(f'api:{name}')}?page_size=200" for name in _lists())


def _newest(rows: Rows) -> dict[type[Model], Any]:
    """Where a parameter of an address would be of another row, the row stays."""
    return {
        model: model._default_manager.order_by("-pk").first() or row
        for model, row in rows.items()
        if model in (Outcome, StatusUpdate, Meeting, Notice) or model in admin.site._registry
    }


def _lists() -> Iterator[str]:
    for row in API:
        if row.method == "GET" and not BY_NAME[row.route].parameters:
            yield row.route.removeprefix("api:")


def _of_the_admin(rows: Rows) -> Iterator[str]:
    for model in admin.site._registry:
        name = f"admin:{model._meta.label_lower.replace('.', '_')}"
        yield reverse(f"{name}_changelist")
        if model in rows:
            yield reverse(f"{name}_change", args=[rows[model].pk])


def failures(world: World, browser: Client, caller: str) -> list[str]:
    """The addresses that cannot be shown, and why."""
    found = []
    for to in dict.fromkeys(addresses(world, caller)):
        response = browser.get(to)
        try:
            b"".join(response) if response.streaming else response.content
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is what is looked for
            found.append(f"{to}: {error!r}")
        if response.status_code >= 500:
            found.append(f"{to}: {response.status_code}")
    return found
