"""A few calls of every operation, made from its description; `make e2e` makes many more."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import ignored_auth

from backlog.models import ApiToken, Event
from config.wsgi import application
from tests import fuzzing
from tests.access import world

CALLS = 2
"""Of each operation, with what fits its description; and as many with what does not."""


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Let the application run on the connection of the test, as Django's own test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def uncompressed(environ: dict[str, Any], start_response: Any) -> Any:
    """The application, asked by one who does not know how to unpack, as werkzeug's client does."""
    environ.pop("HTTP_ACCEPT_ENCODING", None)
    return application(environ, start_response)


@pytest.fixture
def schema(db: None, one_connection: None, settings: Any, tmp_path: Path) -> Any:
    settings.API_CALLS_PER_MINUTE = settings.API_STRANGERS_CALLS_PER_MINUTE = 1_000_000
    settings.MAILBOX_DIR = tmp_path
    world.build()
    return schemathesis.openapi.from_wsgi(
        "/api/v1/schema/?format=json",
        uncompressed,
        config=schemathesis.Config.from_path(fuzzing.CONFIG),
    )


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_operation_keeps_to_its_description(mode: GenerationMode, schema: Any) -> None:
    # Strangers are tried by the matrix of access; here it would double the calls.
    secret = fuzzing.token_of_somebody_with(*fuzzing.EVERY_ROLE)
    found: list[str] = []

    def call(case: Case[Any]) -> None:
        try:
            case.call_and_validate(
                headers={"Authorization": f"Bearer {secret}"}, excluded_checks=[ignored_auth]
            )
        except FailureGroup as failures:
            found.extend(f"{case.operation.label}: {each}" for each in failures.exceptions)

    before = Event.objects.latest("pk").pk
    for operation in schema.get_all_operations():
        _run(operation.ok().as_strategy(mode), call)

    assert not found, "\n\n".join(found)
    done = Event.objects.filter(pk__gt=before)
    key = ApiToken.objects.get(name="Fuzzing").token_key
    assert not done.exclude(way="token", token=key, actor__isnull=False).exists()


def _run(cases: Any, call: Any) -> None:
    @settings(
        max_examples=CALLS,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def run(case: Case[Any]) -> None:
        call(case)

    run()
