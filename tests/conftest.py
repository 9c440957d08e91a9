"""Fixtures for everybody, and the cast.

Mina manages the product, Sora is the council's secretary, Noor sits on the council, Omar may only
look, Ada administers, and Ines is an integration.
"""

import gc
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.test import Client, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from rest_framework.test import APIClient
from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

from backlog.auth import origins
from backlog.models import User
from backlog.rules import roles
from backlog.rules.origins import COMMAND
from tests import emptying, examples, frames
from tests.factories import people

SameQueries = Callable[[], AbstractContextManager[CaptureQueriesContext]]

examples.load()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    return OneProcessOfServices(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> Any:
    """Everything happens below one large frame: see `tests.frames`."""
    if hasattr(config, "_has_room"):
        return None
    config._has_room = True  # type: ignore[attr-defined]
    return frames.roomy(config.hook.pytest_cmdline_main)(config=config)


class OneProcessOfServices(LoadFileScheduling):  # type: ignore[misc]  # untyped
    """The tests of a file run in one process, so what a module builds is built once.

    Those that start real processes share a broker that they empty: they run one after another.
    """

    def _split_scope(self, nodeid: str) -> str:
        place = super()._split_scope(nodeid)
        return "tests/services" if place.startswith("tests/services/") else place


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what waits for processes; skip, and say so, what this machine cannot run."""
    items.sort(key=lambda item: "tests/services/" not in item.nodeid)
    lacking = {
        "postgres": not os.environ.get("DATABASE_URL", "").startswith("postgres")
        and "needs PostgreSQL: set DATABASE_URL",
        "redis": not os.environ.get("REDIS_URL") and "needs Redis: set REDIS_URL",
        "faults": not os.environ.get("FAULTS") and "kills everything: run `make faults`",
        "e2e": not os.environ.get("E2E") and "drives a browser, or takes long: run `make e2e`",
    }
    for item in items:
        for name, reason in lacking.items():
            if reason and item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=reason))


def pytest_collection_finish() -> None:
    """Modules, models and tests stay until the end; garbage is not looked for among them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def quick_end_of_tests_with_real_transactions() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", emptying.empty)
        yield


@pytest.fixture(autouse=True, scope="session")
def at_the_desk() -> Iterator[None]:
    """Operations are called here by nobody's page or token; what tests call says so itself."""
    with origins.acting(COMMAND, process="pytest"):
        yield


@pytest.fixture(autouse=True)
def fresh_start() -> None:
    """No test is limited, has its nudge swallowed, or is answered in another language or zone, by
    what the one before it did: a page leaves the language and zone of its reader behind."""
    cache.clear()
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture
def english_texts() -> Iterator[None]:
    """What operations and commands say reads in English, where nobody's page has chosen."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def migrated(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with nothing in it, for tests that start processes: to be copied."""
    place = tmp_path_factory.mktemp("migrated") / "db.sqlite3"
    if connection.vendor == "sqlite":
        # On a connection of its own, which sees nothing of the test that asks first.
        with (
            closing(sqlite3.connect(connection.settings_dict["NAME"])) as ours,
            closing(sqlite3.connect(place)) as copy,
        ):
            ours.backup(copy)
        return place
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{place}"}
    migrate = [sys.executable, "manage.py", "migrate", "-v0"]
    subprocess.run(migrate, cwd=settings.BASE_DIR, env=environment, check=True)
    return place


@pytest.fixture
def shared() -> Path:
    """The published data beside the checkout, or where SHARED_DATA points."""
    root = Path(__file__).resolve().parent.parent
    place = Path(os.environ.get("SHARED_DATA", root.parent / "shared"))
    if not (place / "data").is_dir():
        pytest.skip("the published data is not here: set SHARED_DATA")
    return place


def _colleague(name: str, *held: str) -> User:
    user = people.UserFactory.create(name=name, email=f"{name.lower()}@example.com", is_staff=True)
    user.groups.add(*(Group.objects.get_or_create(name=role)[0] for role in held))
    return user


@pytest.fixture
def mina(db: None) -> User:
    return _colleague("Mina", roles.PRODUCT_MANAGER)


@pytest.fixture
def sora(db: None) -> User:
    return _colleague("Sora", roles.SECRETARY)


@pytest.fixture
def noor(db: None) -> User:
    return _colleague("Noor", roles.COUNCIL_MEMBER)


@pytest.fixture
def omar(db: None) -> User:
    return _colleague("Omar", roles.VIEWER)


@pytest.fixture
def ada(db: None) -> User:
    return _colleague("Ada", roles.ADMIN)


@pytest.fixture
def ines(db: None) -> User:
    return _colleague("Ines", roles.INTEGRATION)


@pytest.fixture
def queries() -> SameQueries:
    """`with queries() as few:` … `len(few)`: how many queries the block made."""
    return lambda: CaptureQueriesContext(connection)


@pytest.fixture
def as_mina(client: Client, mina: User) -> Client:
    client.force_login(mina, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def api(mina: User) -> APIClient:
    """The API as Mina uses it from her browser session."""
    client = APIClient()
    client.force_authenticate(mina)
    return client
