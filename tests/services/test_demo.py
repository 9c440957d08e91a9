"""`manage.py demo` as people run it: real web server, worker and beat, and nothing left behind."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.services.conftest import ROOT, eventually

pytestmark = pytest.mark.services

MANAGE = (sys.executable, "manage.py")
# The company is built elsewhere (tests/council/demo): here somebody has been before.
FOUND = """
from django.core.management import call_command
from backlog.models import User
call_command("migrate", verbosity=0)
User.objects.create_user("mina@example.com", "secret")
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A demo that was built before, in a place and on a port of its own."""
    place = tmp_path_factory.mktemp("demo")
    keep = {"PATH", "HOME", "LANG", "VIRTUAL_ENV"}
    environment = {
        **{name: value for name, value in os.environ.items() if name in keep},
        "DATA_DIR": str(place),
        "PORT": str(_free_port()),
    }
    subprocess.run(
        [*MANAGE, "shell", "--no-imports", "-c", FOUND], cwd=ROOT, env=environment, check=True
    )
    return environment


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def demo(environment: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    started = _start(environment)
    yield started
    started.terminate()
    started.communicate(timeout=90)


def _start(environment: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*MANAGE, "demo"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _belonging_to(place: str) -> dict[int, str]:
    """The processes that work in this place, by their number: what they were started as."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            variables = (process / "environ").read_bytes()
            arguments = (process / "cmdline").read_bytes().decode().replace("\0", " ")
        except OSError:
            continue
        if f"DATA_DIR={place}\0".encode() in variables:
            found[int(process.name)] = arguments
    return found


def _runs(environment: dict[str, str], *programs: str) -> bool:
    running = " ".join(_belonging_to(environment["DATA_DIR"]).values())
    return all(program in running for program in programs)


def test_the_demo_answers_and_leaves_nothing_behind(
    environment: dict[str, str], demo: "subprocess.Popen[str]"
) -> None:
    url = f"http://127.0.0.1:{environment['PORT']}/healthz"
    assert eventually(lambda: _runs(environment, "gunicorn", "worker", "beat"))
    assert urlopen(url, timeout=10).status == 200

    other = _start(environment)
    said, _ = other.communicate(timeout=90)
    assert other.returncode == 1
    assert f"Port {environment['PORT']} is taken" in said

    demo.send_signal(signal.SIGTERM)
    said, _ = demo.communicate(timeout=90)
    assert f"Hearback is at http://localhost:{environment['PORT']}" in said
    assert demo.returncode == 0
    assert _belonging_to(environment["DATA_DIR"]) == {}


def test_the_demo_says_when_the_worker_dies(
    environment: dict[str, str], demo: "subprocess.Popen[str]"
) -> None:
    assert eventually(lambda: _runs(environment, "gunicorn", "worker", "beat"))

    for pid, program in _belonging_to(environment["DATA_DIR"]).items():
        if "worker --concurrency" in program:
            os.kill(pid, signal.SIGKILL)

    said, _ = demo.communicate(timeout=90)
    assert "“worker” ended" in said
    assert demo.returncode == 1
    assert _belonging_to(environment["DATA_DIR"]) == {}
