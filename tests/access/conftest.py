import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import QueryDict
from django.template import Template
from django.template.loader_tags import ExtendsNode
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.access import asking
from tests.access import world as worlds
from tests.access.world import World


@pytest.fixture(scope="package", autouse=True)
def quiet_refusals() -> Iterator[None]:
    """Thousands are refused here as they should be, and no log of it is read; 5xx are told."""
    requests = logging.getLogger("django.request")
    requests.setLevel(logging.ERROR)
    yield
    requests.setLevel(logging.NOTSET)


@pytest.fixture(scope="module")
def world(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """Built once for all tests of a module, which undo what they did themselves."""
    place: Path = tmp_path_factory.mktemp("mailbox")
    mail = override_settings(EMAIL_BACKEND=worlds.MAILBOX, MAILBOX_DIR=place)
    with django_db_blocker.unblock(), mail, transaction.atomic():
        yield worlds.build()
        transaction.set_rollback(True)


@pytest.fixture
def unwatched() -> Iterator[None]:
    """For tests that look at answers alone, and not at what templates were given."""
    with asking.unwatched():
        yield


@pytest.fixture
def frameless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of colleagues are their content alone: their frame is on every other page as well."""
    blocks = "{% block head %}{% endblock %}{% block content %}{% endblock %}"
    frame, found = Template(blocks), ExtendsNode.find_template

    def find(self: ExtendsNode, name: str, context: Any) -> Any:
        return frame if name == "admin/base.html" else found(self, name, context)

    monkeypatch.setattr(ExtendsNode, "find_template", find)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of the parameters that were looked for in addresses and forms so far."""
    names: set[str] = set()
    for each in ("get", "getlist", "__getitem__", "__contains__"):
        monkeypatch.setattr(QueryDict, each, _noting(names, getattr(QueryDict, each)))
    return names


def _noting(names: set[str], look_up: Any) -> Any:
    def noted(self: QueryDict, name: Any, *more: Any) -> Any:
        names.add(str(name))
        return look_up(self, name, *more)

    return noted
