"""The description of the API, and the page that shows it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from openapi_spec_validator import validate

from backlog.api import urls as backlog_api
from backlog.api.framework import base
from backlog.api.framework.sharing import resolved
from backlog.operations import api_tokens
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
            assert needs.scope in api_tokens.SCOPES
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


@pytest.fixture(scope="module")
def description(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """As it is served; making it fails for whatever is not valid or gives a warning."""
    path = tmp_path_factory.mktemp("description") / "schema.json"
    call_command(
        "spectacular", validate=True, fail_on_warn=True, format="openapi-json", file=str(path)
    )
    made: dict[str, Any] = json.loads(path.read_text())
    return made


def _operations(description: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def _example(description: dict[str, Any], media: dict[str, Any]) -> Any:
    if "example" in media:
        return media["example"]
    [named] = media["examples"].values()
    return resolved(description, named)["value"]


class TestDescription:
    def test_is_valid_to_a_validator_of_somebody_elses(self, description: dict[str, Any]) -> None:
        validate(description)
        assert description["info"]["description"]

    def test_declares_the_tags_that_it_groups_by(self, description: dict[str, Any]) -> None:
        declared = {tag["name"] for tag in description["tags"]}
        assert declared == {
            tag for _name, operation in _operations(description) for tag in operation["tags"]
        }

    def test_is_of_every_resource(self, description: dict[str, Any]) -> None:
        assert description["openapi"] == "3.1.0"
        assert "/api/v1/requests/{id}/move/" in description["paths"]

    def test_says_what_each_operation_does(self, description: dict[str, Any]) -> None:
        for name, operation in _operations(description):
            summary = operation["summary"]
            is_reading = summary.startswith(("List ", "Read one "))
            assert 5 < len(summary) < 100, name
            assert name.startswith("GET") or not is_reading, name

    def test_says_which_scope_each_asks_for(self, description: dict[str, Any]) -> None:
        for name, operation in _operations(description):
            [scope] = operation["security"][0]["token"]
            assert scope in api_tokens.SCOPES, name
            assert f"Scope `{scope}`" in operation["description"], name

    def test_says_how_each_can_fail(self, description: dict[str, Any]) -> None:
        for name, operation in _operations(description):
            wanted = {"400", "401", "403", "406", "429"}
            if not name.startswith("GET"):
                wanted |= {"413", "415", "422"}
            if "{" in name:
                wanted |= {"404"}
            if name == "PATCH /api/v1/requests/{id}/":
                wanted |= {"412", "428"}
            assert operation["responses"].keys() >= wanted, name
            for status in wanted:
                answer = resolved(description, operation["responses"][status])
                assert "application/problem+json" in answer["content"], name
                assert "`" in answer["description"], name

    def test_names_the_rules_that_say_no(self, description: dict[str, Any]) -> None:
        answers = description["paths"]["/api/v1/requests/{id}/move/"]["post"]["responses"]
        moved = resolved(description, answers["409"])

        assert "`neighbour_gone`: The neighbour named is no longer" in moved["description"]
        assert "`idempotency_key_in_use`" in moved["description"]

    def test_gives_an_example_of_each_body_and_each_answer(
        self, description: dict[str, Any]
    ) -> None:
        for name, operation in _operations(description):
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            whole = [resolved(description, body) for body in bodies]
            for media in (each for body in whole for each in body.get("content", {}).values()):
                schema = {**media["schema"], "components": description["components"]}
                faults = list(
                    Draft202012Validator(schema).iter_errors(_example(description, media))
                )
                assert not faults, (name, faults)

    def test_shows_the_version_where_edits_need_it(self, description: dict[str, Any]) -> None:
        paths = description["paths"]
        answer = paths["/api/v1/requests/{id}/"]["get"]["responses"]["200"]

        assert "ETag" in answer["headers"]
        assert "headers" not in paths["/api/v1/requests/"]["get"]["responses"]["200"]


@pytest.mark.django_db
def test_the_description_is_served_to_whoever_asks(client: Client) -> None:
    answer = client.get("/api/v1/schema/", headers={"accept": "application/json"})

    assert answer.status_code == 200
    assert answer.json()["openapi"] == "3.1.0"


class TestSharing:
    def test_says_each_error_once(self, description: dict[str, Any]) -> None:
        told = [
            json.dumps(answer, sort_keys=True)
            for _name, operation in _operations(description)
            for status, answer in operation["responses"].items()
            if status >= "400" and "$ref" not in answer
        ]

        assert len(told) == len(set(told))
        assert {"BadRequest", "Unauthorized", "NotFound"} <= description["components"][
            "responses"
        ].keys()

    def test_keeps_it_small(self, description: dict[str, Any]) -> None:
        """What many operations say is said once, so that each adds little."""
        written = json.dumps(description, ensure_ascii=False, separators=(",", ":"))
        operations = sum(len(methods) for methods in description["paths"].values())

        assert len(written.encode()) < 3_000 * operations


@pytest.mark.django_db
def test_the_description_is_kept_as_long_as_it_is_this_one(client: Client) -> None:
    path = "/api/v1/schema/?format=json"
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": first["ETag"]})
    korean = client.get(path, headers={"accept-language": "ko"})

    assert first["Cache-Control"] == "public, no-cache"
    assert {"Accept-Language", "Accept"} <= set(first["Vary"].split(", "))
    assert (again.status_code, again.content) == (304, b"")
    assert korean.json()["paths"].keys() == first.json()["paths"].keys()
