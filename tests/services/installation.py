"""A whole installation of its own: PostgreSQL, Redis, web, workers and beat, each to be killed."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.services.conftest import ROOT, eventually

WORKERS = 2
PROCESSES = 2


def missing() -> str:
    """What this machine lacks; empty if nothing."""
    lacking = [name for name in ("redis-server",) if shutil.which(name) is None]
    if postgres_folder() is None:
        lacking.append("pg_ctl")
    return ", ".join(lacking)


def postgres_folder() -> Path | None:
    found = shutil.which("pg_ctl")
    if found:
        return Path(found).resolve().parent
    return next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Program:
    """One process and its children, started again as often as it is killed."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        environment: dict[str, str] | None = None,
        user: str | None = None,
    ) -> None:
        self._command, self._log, self._user = list(command), log, user
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT if self._user is None else "/",
                env=self._environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
                user=self._user,
            )

    def kill(self) -> None:
        """As a power cut would."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=30)
        self._process = None


class Installation:
    def __init__(self, folder: Path, *, mail_port: int) -> None:
        self._folder = folder
        self._postgres_port, redis_port, web_port = free_port(), free_port(), free_port()
        self.broker = f"redis://127.0.0.1:{redis_port}/0"
        self.site = f"http://127.0.0.1:{web_port}"
        self._environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": f"postgres://postgres@127.0.0.1:{self._postgres_port}/postgres",
            "REDIS_URL": self.broker,
            "DATA_DIR": str(folder / "data"),
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "EMAIL_TIMEOUT": "1",
            "SECRET_KEY": "only for tests",
            "SITE_URL": self.site,
        }
        (folder / "data").mkdir()
        (folder / "redis").mkdir()
        celery = (sys.executable, "-m", "celery", "--app", "config")
        worker = (*celery, "worker", "--concurrency", str(PROCESSES), "--without-mingle")
        self.programs = {
            "postgres": self._postgres(),
            "redis": self._program(
                "redis",
                *("redis-server", "--port", str(redis_port), "--save", "", "--dir"),
                str(folder / "redis"),
            ),
            "web": self._program(
                "web",
                *(sys.executable, "-m", "gunicorn", "config.wsgi", "--workers", "2"),
                *("--bind", f"127.0.0.1:{web_port}"),
            ),
            "beat": self._program("beat", *celery, "beat"),
            **{f"worker {n}": self._program(f"worker {n}", *worker) for n in range(WORKERS)},
        }

    def _program(self, name: str, *command: str) -> Program:
        log = self._folder / f"{name}.log"
        return Program(command, log=log, environment=self._environment)

    def _postgres(self) -> Program:
        binaries, data = postgres_folder(), Path(tempfile.mkdtemp(prefix="hearback-postgres-"))
        assert binaries is not None
        user = None
        if os.getuid() == 0:  # PostgreSQL refuses to run as root.
            user = "postgres"
            shutil.chown(data, user)
        self._data = data
        subprocess.run(
            [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync"],
            check=True,
            capture_output=True,
            cwd="/",
            user=user,
        )
        options = ("-p", str(self._postgres_port), "-k", "", "-c", "listen_addresses=127.0.0.1")
        command = (str(binaries / "postgres"), "-D", str(data), *options)
        return Program(command, log=self._folder / "postgres.log", user=user)

    def start(self) -> None:
        for name in ("postgres", "redis"):
            self.programs[name].start()
        assert eventually(lambda: self._answers(self._postgres_port))
        self._run("manage.py", "migrate", "-v0")
        for name in self.programs.keys() - {"postgres", "redis"}:
            self.programs[name].start()
        assert eventually(self.is_healthy), "the web server does not answer"

    def stop(self) -> None:
        for name in reversed(self.programs):
            self.programs[name].kill()
        shutil.rmtree(self._data, ignore_errors=True)

    def _answers(self, port: int) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def is_healthy(self) -> bool:
        with suppress(OSError), urllib.request.urlopen(f"{self.site}/healthz", timeout=2) as got:
            return bool(got.status == 200)
        return False

    def strike(self, name: str, *, down: float) -> None:
        """Kill it, and start it again after so many seconds."""
        self.programs[name].kill()
        time.sleep(down)
        self.programs[name].start()

    def in_the_database(self, *command: str) -> Any:
        """Asked again while PostgreSQL gets up."""
        ends = time.monotonic() + 60
        while True:
            try:
                return json.loads(self._run("-m", "tests.services.mischief", *command))
            except subprocess.CalledProcessError as error:
                if time.monotonic() > ends:
                    raise AssertionError(error.stderr[-3000:]) from error
                time.sleep(1)

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self._environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def kill_workers(self) -> None:
        for n in range(WORKERS):
            self.programs[f"worker {n}"].kill()

    def start_workers(self) -> None:
        for n in range(WORKERS):
            self.programs[f"worker {n}"].start()

    def logs(self) -> str:
        return "\n".join(
            f"== {log.name}\n{log.read_text(encoding='utf-8', errors='replace')[-2500:]}"
            for log in sorted(self._folder.glob("*.log"))
        )
