"""Calls the API as a tool with a token does: over HTTP, or the application in this process."""

import io
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

from django.db import connection

from config.wsgi import application

PATIENCE = 300  # seconds: a busy machine is slow, and is measured all the same


@dataclass(frozen=True)
class Caller:
    """Over HTTP, a connection for each call, as most tools do; or, without a port, in here."""

    secret: str
    port: int | None = None

    def call(self, path: str, body: Any = None) -> bytes:
        """GET, or POST where there is a body; the answer, which must be one of success."""
        sent = b"" if body is None else json.dumps(body).encode()
        status, content = self._ask(path, sent) if self.port else self._run(path, sent)
        assert 200 <= status < 300, (path, status, content[:500])
        return content

    def _ask(self, path: str, body: bytes) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json"}
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as http:
            http.request("POST" if body else "GET", path, body or None, headers)
            answer = http.getresponse()
            return answer.status, answer.read()

    def _run(self, path: str, body: bytes) -> tuple[int, bytes]:
        statuses: list[str] = []

        def start(status: str, headers: Any, exc_info: Any = None) -> Any:
            statuses.append(status)

        answer: Any = application(self._environ(path, body), start)
        content = b"".join(answer)
        answer.close()
        return int(statuses[0].partition(" ")[0]), content

    def _environ(self, path: str, body: bytes) -> dict[str, Any]:
        return {
            "REQUEST_METHOD": "POST" if body else "GET",
            "PATH_INFO": path,
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_AUTHORIZATION": f"Bearer {self.secret}",
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
        }


@contextmanager
def serving() -> Iterator[int]:
    """A server of one process on the benchmarks' database, and the port where it listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = (sys.executable, "-m", "gunicorn", "config.wsgi", "--log-level", "warning")
    settings = {"DATABASE_URL": _database(), "DJANGO_SETTINGS_MODULE": "bench.served"}
    server = subprocess.Popen(
        (*command, "--workers", "1", "--timeout", str(PATIENCE), "--bind", f"127.0.0.1:{port}"),
        env=os.environ | settings,
    )
    try:
        _await(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _database() -> str:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"


def _await(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            assert time.monotonic() < until, "the server does not start"
            time.sleep(0.1)
