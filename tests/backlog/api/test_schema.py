"""The description of the API, and the page that shows it."""

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from backlog.api import base
from backlog.api import urls as backlog_api
from backlog.operations import tokens
from backlog.rules import roles
from council.api import urls as council_api

REGISTERED = [*backlog_api.router.registry, *council_api.router.registry]


def _actions(viewset: Any) -> set[str]:
    named = {action.__name__ for action in viewset.get_extra_actions()}
    mapped = {name for action in viewset.get_extra_actions() for name in action.mapping.values()}
    plain = {"list", "retrieve", "create", "partial_update", "update", "destroy"}
    return named | mapped | {name for name in plain if hasattr(viewset, name)}


@pytest.mark.parametrize(
    "viewset", [viewset for _prefix, viewset, _name in REGISTERED], ids=lambda each: each.__name__
)
class TestAccess:
    def test_is_said_for_each_action_and_no_other(self, viewset: type[base.Resource[Any]]) -> None:
        assert set(viewset.access) == _actions(viewset)

    def test_names_scopes_and_permissions_that_exist(
        self, viewset: type[base.Resource[Any]]
    ) -> None:
        for needs in viewset.access.values():
            assert needs.scope in tokens.SCOPES
            assert needs.permission in roles.EVERYTHING | {base.ANYBODY}

    def test_never_lets_the_scope_for_reading_write(
        self, viewset: type[base.Resource[Any]]
    ) -> None:
        extra: Any = viewset.get_extra_actions()
        written = {"create", "partial_update"} | {
            name for each in extra for method, name in each.mapping.items() if method != "get"
        }
        for action in written & set(viewset.access):
            assert viewset.access[action].scope != base.READ, action


def test_the_description_is_valid_and_says_all(tmp_path: Any) -> None:
    call_command(
        "spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yaml")
    )

    text = (tmp_path / "schema.yaml").read_text()
    assert text.startswith("openapi: 3.1.0")
    assert "/api/v1/requests/{id}/move/:" in text
    assert "application/problem+json" in text


@pytest.mark.django_db
def test_the_description_is_served_to_whoever_asks(client: Client) -> None:
    answer = client.get("/api/v1/schema/", headers={"accept": "application/json"})

    assert answer.status_code == 200
    assert answer.json()["openapi"] == "3.1.0"


@pytest.mark.django_db
def test_the_page_loads_nothing_from_elsewhere_and_runs_no_inline_script(client: Client) -> None:
    page = client.get("/api/v1/docs/").content.decode()

    assert "swagger-ui" in page
    assert not re.findall(r"(?:src|href)=[\"']?(?:https?:)?//", page)
    assert not re.findall(r"<script(?![^>]*\bsrc=)", page)
    assert client.get("/api/v1/docs/?script=").status_code == 200
