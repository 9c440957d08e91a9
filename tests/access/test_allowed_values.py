"""Any value that the description allows can be stored, and is readable everywhere from then on."""

import json
import os
import re
from itertools import count
from typing import Any, NamedTuple

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
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
from council.models import AgendaItem, Council, Meeting
from tests.access import readers, world
from tests.access.addresses import address
from tests.access.allowed import ODD, ZONES, Description, Schema
from tests.factories import people

ROUNDS = 12 if os.environ.get("E2E") else 1
LAST = ("end", "close", "cancel", "withdraw", "unlink", "reset", "waive", "vacate", "revoke-grant")
"""Steps after which little else can be done with a row."""


class Operation(NamedTuple):
    method: str
    path: str
    route: str
    body: Schema


@pytest.fixture
def here(db: None, tmp_path: Any, settings: Any) -> world.World:
    settings.MAILBOX_DIR = tmp_path
    return world.build()


@pytest.fixture
def browser(here: world.World) -> Client:
    """Of somebody who may do everything, and is told of errors as a client is."""
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
    return sorted(found, key=lambda it: (it.path.rstrip("/").endswith(LAST), it.method != "post"))


def _route(path: str) -> str:
    """The name of the route that the path of the description is of, whatever its rows are named."""
    tries = (
        resolve(re.sub(r"{\w+}", row, path)).url_name
        for row in ("1", "OPEN-1", "OPEN", "0a" * 7 + "0")
    )
    return next(str(name) for name in tries if name)


def _body(facts: Schema) -> Schema:
    body: Schema = facts["requestBody"]["content"]["application/json"]["schema"]
    return body


def known(here: world.World) -> dict[str, Any]:
    """By the names of properties: rows that are there, and forms that the schema does not tell."""
    rows, numbers = here.open, count(1)
    people_ = [user.pk for user in here.users.values()]
    department = [Department.objects.order_by("pk").values_list("pk", flat=True)[0]]
    criteria = rows[ScoringModel].criteria.all()
    return {
        "product": [rows[Product].pk, rows[Product].prefix],
        "products[]": [rows[Product].prefix],
        "source": [rows[Source].key],
        "request": [rows[CustomerRequest].key],
        "after": [rows[CustomerRequest].key],
        "before": [rows[CustomerRequest].key],
        "feedback": [rows[Feedback].pk],
        "feedback[]": [rows[Feedback].pk],
        "id": [rows[Customer].pk],
        "account": [rows[Account].pk, None],
        "department": department,
        "commitment": [rows[Commitment].pk],
        "sprint": [rows[Sprint].pk],
        "council": [rows[Council].pk],
        "meeting": [rows[Meeting].pk],
        "agenda_item": [None, rows[AgendaItem].pk],
        "scoring_model": [rows[ScoringModel].pk],
        **dict.fromkeys(("owner", "user", "chair", "secretary", "filed_by"), people_),
        "message_id": [rendering.message_id(rows[Notice])],
        "time_zone": ZONES,
        "currency": ["KRW", "ZZZ"],
        "prefix": lambda: f"Z{next(numbers)}",
        "key": lambda: f"k-{next(numbers)}" + "_" * 50,
        "url": lambda: f"https://example.com/{next(numbers)}/" + "x" * 470,
        "email": lambda: f"{next(numbers)}@" + "example." * 29 + "org",
        "start": [0],
        "end": [None, 1],
        "answers": [
            {
                each.key: {"value": str(value), "note": ODD[4] * 300}
                for each in criteria
                for value in (each.scale_high,)
            }
        ],
    }


def send(browser: Client, here: world.World, operation: Operation, body: Any) -> Any:
    to = address(operation.route, here, here.open, "A")
    headers = {}
    if operation.method == "patch" and (tag := browser.get(to).headers.get("ETag")):
        headers["If-Match"] = tag
    kind = "application/json"
    return browser.generic(
        operation.method.upper(), to, json.dumps(body), content_type=kind, headers=headers
    )


class TestWhatTheDescriptionAllows:
    def test_is_stored_and_then_readable_everywhere(
        self, here: world.World, browser: Client, schema: Schema
    ) -> None:
        todo, accepted, broken = operations(schema), set(), []
        description = Description(schema, known(here))

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
                User.objects.filter(pk=here.users["A"].pk).update(
                    time_zone=data.draw(st.sampled_from(ZONES))
                )
                for operation in todo:
                    for only_required in (False, True):
                        body = description.body(
                            operation.body, data.draw, only_required=only_required
                        )
                        response = send(browser, here, operation, body)
                        if response.status_code >= 500:
                            broken.append((operation.method, operation.path, body))
                        if response.status_code < 300:
                            accepted.add((operation.method, operation.path))
                            break
                        print(operation.path, response.status_code, response.content[:300])
                broken.extend(readers.failures(here, browser, "A"))
                transaction.set_rollback(True)

        write_and_read()

        assert not broken
        print("NOT", sorted({(it.method, it.path) for it in todo} - accepted))
        assert 0
