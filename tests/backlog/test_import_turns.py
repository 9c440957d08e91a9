"""An import lets go of the lock where one writes at a time."""

import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import translation

from backlog.management.commands import import_feedback
from backlog.models import Feedback, Source
from tests.factories.backlog import SourceFactory

pytestmark = pytest.mark.django_db

Write = Callable[..., Path]


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_feedback, "PAUSE", 0)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(content: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "file.csv"
        path.write_bytes(content.encode(encoding))
        return path

    return to_file


@pytest.fixture
def source() -> Source:
    return SourceFactory.create(key="store", language="")


def run(path: Path, **options: object) -> list[str]:
    out = StringIO()
    with translation.override("en"):
        call_command("import_feedback", str(path), stdout=out, **{"source": "store"} | options)
    return out.getvalue().splitlines()


def words() -> list[str]:
    return list(Feedback.objects.order_by("pk").values_list("verbatim", flat=True))


class TestTurns:
    """On SQLite one writes at a time, so an import lets go of the lock well within a second."""

    def test_become_shorter_where_they_take_long_and_longer_where_they_do_not(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = 0.0
        monkeypatch.setattr(time, "monotonic", lambda: now)
        turns = import_feedback.Turns(most=1_000)
        sizes = []
        for seconds in (0.01, 0.01, 0.01, 0.01, 0.5, 5.0, 100.0, 0.25):
            now += seconds
            turns.rest()
            sizes.append(turns.rows)

        assert sizes == [50, 100, 200, 400, 200, 10, 10, 10]

    @pytest.mark.django_db
    def test_are_taken_where_one_writes_at_a_time(
        self, source: Source, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rests = list[int]()
        monkeypatch.setattr(import_feedback.Turns, "rest", lambda turns: rests.append(turns.rows))

        run(write("words\nSlow\n"), text="words", source=source.key)

        assert bool(rests) == (connection.vendor == "sqlite")

    def test_have_no_more_rows_than_are_asked_for(self) -> None:
        turns = import_feedback.Turns(most=3)
        turns.rest()

        assert turns.rows == 3
