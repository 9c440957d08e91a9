"""Every operation of the API, called by schemathesis as each role, with all of its checks."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from backlog.rules import roles
from tests import fuzzing
from tests.access import world

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]

EVERYBODY = "everybody at once"
CALLERS = {EVERYBODY: fuzzing.EVERY_ROLE} | {role: (role,) for role in roles.PERMISSIONS}
"""The roles of each; who has one only is refused most, and so is tried less."""


@pytest.mark.parametrize("caller", CALLERS)
def test_keeps_to_its_description(
    caller: str, live_server: LiveServer, settings: Any, tmp_path: Path
) -> None:
    settings.API_CALLS_PER_MINUTE = settings.API_STRANGERS_CALLS_PER_MINUTE = 1_000_000
    settings.MAILBOX_DIR = tmp_path
    world.build()
    secret = fuzzing.token_of_somebody_with(*CALLERS[caller])
    is_tried_hard = caller == EVERYBODY

    run = subprocess.run(
        [
            *(str(Path(sys.executable).parent / "st"), "--config-file", str(fuzzing.CONFIG)),
            *("run", f"{live_server.url}/api/v1/schema/", "--continue-on-failure"),
            *("--header", f"Authorization: Bearer {secret}"),
            *("--max-examples", "10" if is_tried_hard else "3"),
            *("--phases", f"examples,fuzzing{',coverage,stateful' if is_tried_hard else ''}"),
        ],
        cwd=tmp_path,
        env={**os.environ, "SCHEMATHESIS_HOOKS": fuzzing.HOOKS, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout[-20_000:] + run.stderr[-2_000:]
