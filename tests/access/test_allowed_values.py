"""Any value that the description allows can be stored, and is readable everywhere from then on."""

import json
import os
import re
from itertools import count
from typing import Any, NamedTuple

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.test import Client
from django.urls import resolve
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from backlog.delivery import rendering
from backlog.models import (
    Account,
    Commitment,
    Customer,
    CustomerRequest,
    Department,
    Feedback,
    Notice,
    Product,
    ScoringModel,
    Source,
    Sprint,
    User,
)
from backlog.rules import roles
from council.models import ActionItem, AgendaItem, Council, Meeting
from tests.access import readers, world
from tests.access.addresses import address
from tests.access.allowed import ODD, ZONES, Description, Schema, beyond
from tests.factories import NOON, backlog, people

THOROUGH = bool(os.environ.get("E2E"))
ROUNDS = 20 if THOROUGH else 2
WRITES = 6
"""Of each operation in a round; at the end of a round all that there is to read is read."""
LAST = (
    *("amend", "decisions", "supersede", "retire", "correct", "merge"),
    *("end", "close", "cancel", "withdraw", "unlink", "reset", "waive", "vacate", "revoke-grant"),
)
"""Steps after which little else can be done with a row, in this order."""
OUT_OF_STATE = (
    *("/note/", "/remarks/", "/amendments/", "/minutes/answer/", "/minutes/publish/"),
    *("/minutes/correct/", "/skip/", "/meetings/{id}/answer/", "/ballots/{id}/record/"),
    *("/agenda-items/{id}/decline/", "/unmerge/"),
    *("/step-aside/", "/come-back/", "/agenda-items/{id}/withdraw/", "/ballots/{id}/stance/"),
    "/commitments/{id}/withdraw/",
)
"""Of a meeting that is over, or of a series; of a vote that was carried; of what was proposed or
merged: no row of the world is there yet. Its item is being voted on, nobody holds its seat, and its
commitment has an outcome. So none of these is accepted whatever it is sent.
"""
FEW_ACCEPTED = 0.75
"""Of the operations, so many must take some value; the others have rules between their fields."""


class Operation(NamedTuple):
    method: str
    path: str
    route: str
    body: Schema


@pytest.fixture
def here(db: None, tmp_path: Any, settings: Any) -> world.World:
    settings.MAILBOX_DIR = tmp_path
    built = world.build()
    product = built.open[Product]
    Product.objects.filter(pk=product.pk).update(next_number=1_000_000)
    ActionItem.objects.update(owner=built.users["A"])
    Sprint.objects.filter(product=product).update(status="active", started_at=NOON)
    for status in ("under_review", "approved"):
        backlog.RequestFactory.create(product=product, status=status)
    return built


@pytest.fixture
def browser(here: world.World) -> Client:
    """Of somebody who may do everything; a crash is the answer that a client gets."""
    somebody: User = here.users["A"]
    somebody.groups.set(Group.objects.filter(name__in=roles.PERMISSIONS))
    people.MembershipFactory.create(user=somebody)
    client = Client(raise_request_exception=False, headers={"accept-language": "ko"})
    client.force_login(somebody, backend=world.SIGN_IN)
    return client


@pytest.fixture
def schema(browser: Client) -> Schema:
    found: Schema = browser.get("/api/v1/schema/?format=json").json()
    return found


def operations(schema: Schema) -> list[Operation]:
    found = [
        Operation(method, path, f"api:{_route(path)}", _body(facts))
        for path, methods in schema["paths"].items()
        for method, facts in methods.items()
        if "requestBody" in facts
    ]
    return sorted(found, key=lambda it: _place(it.path.rstrip("/")))


def _place(path: str) -> int:
    return next((place for place, end in enumerate(LAST, 1) if path.endswith(f"/{end}")), 0)


def _route(path: str) -> str:
    """The name of the route that the path is of, whatever its rows are named by."""
    rows = ("1", "OPEN-1", "OPEN", "0a" * 7 + "0")
    names = (resolve(re.sub(r"{\w+}", row, path)).url_name for row in rows)
    return next(str(name) for name in names if name)


def _body(facts: Schema) -> Schema:
    body: Schema = facts["requestBody"]["content"]["application/json"]["schema"]
    return body


def known(here: world.World) -> dict[str, Any]:
    """By the names of properties: rows that are there, and forms that the schema does not tell."""
    rows, numbers = here.open, count(1)
    requests = list(CustomerRequest.objects.filter(product=rows[Product]).order_by("-pk"))
    criteria = rows[ScoringModel].criteria.all()
    value = {each.key: {"value": str(each.scale_high), "note": ODD[4] * 300} for each in criteria}
    return {
        "product": [rows[Product].pk, rows[Product].prefix],
        "products[]": [rows[Product].prefix],
        "source": [rows[Source].key],
        **{name: [each.key for each in requests] for name in ("request", "into")},
        "after": [requests[0].key],
        "before": [requests[0].pk],
        "feedback": [rows[Feedback].pk],
        "feedback[]": [rows[Feedback].pk],
        "id": [rows[Customer].pk],
        "account": [rows[Account].pk, None],
        "department": [rows[Department].pk],
        "commitment": [rows[Commitment].pk],
        "sprint": [rows[Sprint].pk],
        "council": [rows[Council].pk],
        "meeting": [rows[Meeting].pk],
        "agenda_item": [rows[AgendaItem].pk, None],
        "scoring_model": [rows[ScoringModel].pk],
        **{name: [here.users["A"].pk] for name in ("owner", "user", "chair", "secretary")},
        "filed_by": [None, here.users["V"].email],
        "message_id": [rendering.message_id(rows[Notice])],
        "time_zone": ZONES,
        "currency": ["KRW", "ZZZ"],
        "prefix": lambda: f"Z{next(numbers)}",
        "key": lambda: f"k-{next(numbers)}" + "_" * 50,
        "url": lambda: f"https://example.com/{next(numbers)}/" + "x" * 470,
        "email": lambda: f"{next(numbers)}@" + "example." * 29 + "org",
        "start": [0],
        "end": [None, 1],
        "before_conversions": [None],
        "after_conversions": [None],
        "readings": [[{"kind": "nps", "value": 10}, {"kind": "stars", "value": "0.01"}], []],
        "answers": [value],
    }


def send(browser: Client, here: world.World, operation: Operation, body: Any) -> Any:
    to = address(operation.route, here, here.open, "A")
    headers = {}
    if operation.method == "patch" and (tag := browser.get(to).headers.get("ETag")):
        headers["If-Match"] = tag
    method, text = operation.method.upper(), json.dumps(body)
    return browser.generic(method, to, text, content_type="application/json", headers=headers)


def rows_there_are() -> list[int]:
    """Of each kind, by one query."""
    tables = [
        connection.ops.quote_name(model._meta.db_table)
        for app in ("backlog", "council")
        for model in apps.get_app_config(app).get_models()
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT count(*) FROM {each}" for each in tables))
        return [number for (number,) in cursor.fetchall()]


@pytest.mark.usefixtures("unwatched")
def test_what_the_description_allows_is_stored_and_then_readable_everywhere(
    here: world.World, browser: Client, schema: Schema
) -> None:
    todo, accepted, broken, rounds = operations(schema), set(), [], count()
    description = Description(schema, known(here))

    def write(operation: Operation, draw: Any) -> None:
        for attempt in range(WRITES):
            body = description.body(operation.body, draw, only_required=attempt == WRITES - 1)
            status = send(browser, here, operation, body).status_code
            if status < 300:
                accepted.add(operation.path)
            elif status >= 500:
                broken.append(f"{operation.method} {operation.path}: {body!r:.500}")

    @settings(
        max_examples=ROUNDS,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def write_and_read(data: st.DataObject) -> None:
        with transaction.atomic():
            zone = data.draw(st.sampled_from(ZONES))
            User.objects.filter(pk=here.users["A"].pk).update(time_zone=zone)
            for operation in todo:
                write(operation, data.draw)
            # The first round is of the simplest values there are, and reading takes longest.
            if next(rounds) > 0 or THOROUGH:
                broken.extend(readers.failures(here, browser, "A"))
            transaction.set_rollback(True)

    write_and_read()
    assert not broken
    possible = {it.path for it in todo if not it.path.endswith(OUT_OF_STATE)}
    refused = possible - accepted
    assert len(refused) <= (1 - FEW_ACCEPTED) * len(possible), refused


def test_what_it_does_not_allow_is_refused_and_leaves_nothing_stored(
    here: world.World, browser: Client, schema: Schema
) -> None:
    description = Description(schema, known(here))
    rows, wrong = rows_there_are(), []
    tried: set[tuple[str, str]] = set()

    for operation in operations(schema):
        for name, leaf in description.leaves(operation.body):
            # Each row stands by itself: what is wrong with one is told in the answer.
            if name == "rows" or _is_known(tried, name, leaf):
                continue
            for value in beyond(leaf):
                status = send(browser, here, operation, {name: value}).status_code
                if not 400 <= status < 500:
                    wrong.append(
                        f"{operation.method} {operation.path} {name}={value!r:.60}: {status}"
                    )

    assert wrong == []
    assert rows_there_are() == rows


def _is_known(tried: set[tuple[str, str]], name: str, leaf: Schema) -> bool:
    """Of the same name and form it is the same field, most likely; the long run tries them all."""
    form = (name, json.dumps(leaf, sort_keys=True))
    is_known = form in tried and not THOROUGH
    tried.add(form)
    return is_known
