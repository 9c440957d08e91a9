"""Reads all that a role can read: every route of the tables, and at leisure where links lead."""

import os
import re
from collections import deque
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from typing import Any, Final
from urllib.parse import urljoin, urlsplit
from zipfile import ZipFile

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.test import Client
from django.urls import reverse

from config.logs import KEYED
from tests.access.addresses import address
from tests.access.admin_pages import ADMIN_PAGES
from tests.access.matrix import API, PAGES, Row
from tests.access.world import Rows, World

LINK: Final = re.compile(r"(?:href|src|action|hx-get)=\"([^\"#]+)")
SITE: Final = "http://testserver"
# These end the session, or are no pages of ours.
PASSED_OVER: Final = ("/admin/logout", "/static/", "/api/v1/schema", "/api/v1/docs")
# How a list is sorted, and where one came from: the same rows again.
SAME: Final = frozenset({"o", "_changelist_filters", "back"})


FOLLOWS: Final = bool(os.environ.get("E2E"))
"""Links lead to the same routes again, narrowed and paged: worth its time now and then."""


def read_all(caller: str, world: World, *, follows: bool = FOLLOWS) -> Iterator[tuple[str, str]]:
    """Each address and what it answers, whatever the status: an error can say too much, too."""
    browser, api = world.browsers[caller], world.tools[""] if caller == "I" else None
    seen: set[str] = set()
    waiting = deque(dict.fromkeys(_starts(caller, world)))
    given = set(waiting)
    while waiting:
        to = waiting.popleft()
        client = api if api is not None and to.startswith("/api/") else browser
        text = _read(client, to)
        yield to, text
        for link in _links(to, text) if follows else ():
            form = _form(link)
            if link not in given and form not in seen:
                seen.add(form)
                given.add(link)
                waiting.append(link)


def _starts(caller: str, world: World) -> Iterator[str]:
    for row in (*API, *PAGES):
        if _is_read(row):
            for rows in (world.open, world.closed):
                yield address(row.route, world, rows, caller)
    for name, noun in ADMIN_PAGES.items():
        yield from _of_noun(name, noun.steps, world.open)
        yield from _of_noun(name, noun.steps, world.closed)


def _is_read(row: Row) -> bool:
    """Whoever holds a link of one's own reads what it is the key to; the schema holds no row."""
    passed_over = {
        *(f"{app}:{name}" for app in ("backlog", "council") for name in KEYED),
        "api:schema",
        "api:docs",
        "api:docs-noun",
    }
    return row.method == "GET" and row.route not in passed_over


def _of_noun(name: str, steps: dict[str, str], rows: Rows) -> Iterator[str]:
    page = f"admin:{name}_"
    model = next(
        it for it in admin.site._registry if it._meta.label_lower.replace(".", "_") == name
    )
    yield reverse(f"{page}changelist")
    yield f"{reverse(f'{page}changelist')}?{SEARCH_VAR}=a"
    yield reverse(f"{page}add")
    for each in ("change", "history", *steps):
        yield reverse(page + each, args=[rows[model].pk])
    for field in (*model._meta.fields, *model._meta.many_to_many):
        if field.remote_field:
            app, noun = name.split("_")
            asked = f"app_label={app}&model_name={noun}&field_name={field.name}"
            yield f"{reverse('admin:autocomplete')}?{asked}"


def _read(client: Client, to: str) -> str:
    answer: Any = client.get(to)
    assert answer.status_code < 500, to
    # Where one is sent is an answer, too.
    return str(answer.headers.get("Location", "")) + _text(bytes(answer.getvalue()))


def _text(body: bytes) -> str:
    """Of a workbook, that of all its sheets."""
    if not body.startswith(b"PK"):
        return body.decode()
    with ZipFile(BytesIO(body)) as workbook:
        return "".join(workbook.read(name).decode() for name in workbook.namelist())


def _links(page: str, text: str) -> Iterator[str]:
    for found in LINK.findall(text):
        whole = urlsplit(urljoin(SITE + page, unescape(found)))
        to = whole._replace(scheme="", netloc="", fragment="").geturl()
        is_ours = whole.geturl().startswith(SITE) and not to.startswith(PASSED_OVER)
        if is_ours and not to.startswith(tuple(f"/{name}/" for name in KEYED)):
            yield to


def _form(link: str) -> str:
    """What addresses have in common whose pages show the same of different rows."""
    parts = urlsplit(link)
    names = sorted({each.partition("=")[0] for each in parts.query.split("&")} - SAME)
    return re.sub(r"[0-9]+|[A-Z]+-[0-9]+", "#", parts.path) + "?" + "&".join(names)
