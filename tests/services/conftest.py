"""Real processes: a Celery worker on the test's database, an SMTP server, and a broker between."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.db.models import Count
from pytest_django.live_server_helper import LiveServer

from backlog.models import MailDomain, Notice
from tests import smtp

ROOT = Path(__file__).resolve().parents[2]


class Worker:
    """A Celery worker in a process group of its own, so that all of it can be killed at once."""

    PROCESSES = 2

    def __init__(self, *, site_url: str, mail_port: int, log: Path) -> None:
        self._name = f"worker-{secrets.token_hex(4)}"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "celery", "--app", "config", "worker"),
                    *("--concurrency", str(self.PROCESSES), "--without-mingle"),
                    *("--loglevel", "INFO"),
                ],
                cwd=ROOT,
                env={**_environment(site_url, mail_port), "PGAPPNAME": self._name},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def kill(self) -> None:
        """As a power cut would: nobody in the group has time for a last word."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=90)
        assert eventually(lambda: not self._is_in_database())

    def _is_in_database(self) -> bool:
        """PostgreSQL finishes, and commits, the statement that a dead client has sent."""
        if connection.vendor != "postgresql":
            return False
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = %s)",
                [self._name],
            )
            return bool(cursor.fetchone()[0])


def _environment(site_url: str, mail_port: int) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": _database_url(),
        "DATA_DIR": str(settings.DATA_DIR),
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "EMAIL_TIMEOUT": "1",
        "SECRET_KEY": settings.SECRET_KEY,
        "SITE_URL": site_url,
    }


def _database_url() -> str:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@pytest.fixture
def box() -> Iterator[smtp.Postbox]:
    with smtp.postbox() as box:
        yield box


@pytest.fixture
def start_worker(
    box: smtp.Postbox, live_server: LiveServer, tmp_path: Path
) -> Iterator[Callable[[], Worker]]:
    """Starts a worker each time it is called; all are killed at the end of the test."""
    log, started = tmp_path / "worker.log", list[Worker]()

    def start() -> Worker:
        started.append(Worker(site_url=live_server.url, mail_port=box.port, log=log))
        return started[-1]

    yield start
    for worker in started:
        worker.kill()
    # pytest shows it where a test has failed
    print(log.read_text(encoding="utf-8")[-5000:])
    print(*Notice.objects.values_list("status", "failure").annotate(n=Count("pk")), sep="\n")
    print(*MailDomain.objects.values_list("domain", "failures", "failure"), sep="\n")


def empty_broker() -> None:
    """Everything that waits there is forgotten."""
    if settings.REDIS_URL:
        redis.Redis.from_url(settings.REDIS_URL).flushdb()
    else:
        for message in (settings.DATA_DIR / "broker").glob("*.msg"):
            message.unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def broker() -> None:
    """Each test begins with an empty one."""
    empty_broker()


def eventually(condition: Callable[[], bool], *, seconds: float = 60) -> bool:
    """Whether it becomes true in this time."""
    ends = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > ends:
            return False
        time.sleep(0.05)
    return True
