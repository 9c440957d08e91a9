"""An import whose process ends before its file does: what is stored, and what its books say."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backlog import errors, tasks
from backlog.intake.rows import Said
from backlog.models import Event, Feedback, ImportRun, Source, User
from backlog.models.import_runs import SILENT_FOR
from backlog.operations import import_runs
from tests.factories import NOON
from tests.factories import backlog as make

ROWS = 8_000
SIGN_IN = "django.contrib.auth.backends.ModelBackend"


@dataclass
class Process:
    """A real import into a database of its own."""

    database: sqlite3.Connection
    command: list[str]
    environment: dict[str, str]

    def ask(self, query: str) -> Any:
        return self.database.execute(query).fetchone()[0]

    def stored(self) -> int:
        return int(self.ask("SELECT count(*) FROM backlog_feedback"))

    def end_with(self, number: int) -> tuple[int, str]:
        """End it when it has stored some rows; how it ended, and what it said last."""
        dying = subprocess.Popen(
            self.command, env=self.environment, stderr=subprocess.PIPE, text=True
        )
        while self.stored() < 400:
            assert dying.poll() is None
            time.sleep(0.02)
        dying.send_signal(number)
        _out, said = dying.communicate()
        return dying.returncode, said

    def again(self) -> str:
        return subprocess.run(
            self.command, env=self.environment, check=True, capture_output=True, text=True
        ).stdout


@pytest.fixture
def process(tmp_path: Path, migrated: Path) -> Iterator[Process]:
    path = tmp_path / "many.csv"
    path.write_text("id,review\n" + "".join(f"{n},text {n}\n" for n in range(ROWS)))
    shutil.copy(migrated, tmp_path / "db.sqlite3")
    with closing(sqlite3.connect(tmp_path / "db.sqlite3", timeout=20)) as database:
        database.execute(
            "INSERT INTO backlog_source"
            " (key, name, kind, language, is_active, acknowledges, search_text, on_change)"
            " VALUES ('store', 'Store', 'file', 'en', 1, 0, 'store', 'keep_first')"
        )
        database.commit()
        command = [sys.executable, "manage.py", "import_feedback", str(path), "--source=store"]
        command += ["--text=review", "--external-id=id", "--batch=200"]
        environment = os.environ | {
            "DATA_DIR": str(tmp_path),
            "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
            "SECRET_KEY": "only for tests",
            "LANGUAGE_CODE": "en",
        }
        yield Process(database, command, environment)


@pytest.mark.services
class TestAProcess:
    def test_that_is_killed_leaves_whole_batches_and_the_next_completes_it(
        self, process: Process
    ) -> None:
        process.end_with(signal.SIGKILL)

        left = process.stored()
        assert 400 <= left == process.ask("SELECT rows_stored FROM backlog_importrun") < ROWS
        assert process.ask("SELECT status FROM backlog_importrun") == "running"
        process.database.execute("UPDATE backlog_importrun SET heard_of_at = '2026-01-01'")
        process.database.commit()
        done = process.again()
        assert f"{ROWS} rows in = {ROWS - left} stored + {left} known + 0 reported" in done
        assert process.stored() == ROWS
        statuses = process.database.execute("SELECT status FROM backlog_importrun ORDER BY id")
        assert statuses.fetchall() == [("failed",), ("finished",)]

    def test_that_is_asked_to_end_closes_its_books_and_says_what_to_do(
        self, process: Process
    ) -> None:
        code, said = process.end_with(signal.SIGTERM)

        assert (code, "Import the same file again" in said) == (130, True)
        assert process.ask("SELECT status FROM backlog_importrun") == "failed"
        assert process.ask("SELECT rows_read FROM backlog_importrun") == process.stored() < ROWS


@pytest.fixture
def run(source: Source) -> ImportRun:
    return import_runs.start_import(source=source, file_name="a.csv", by=None, at=NOON)


@pytest.fixture
def source() -> Source:
    return make.SourceFactory.create(key="store")


def heard_of(run: ImportRun, at: Any) -> None:
    ImportRun.objects.filter(pk=run.pk).update(heard_of_at=at)


def store(run: ImportRun, *words: str) -> None:
    nothing: Any = {"author": "", "author_name": "", "account": "", "external_id": ""}
    said = [
        Said(line=n, words=each, **nothing, said_at=None, rating=None, cells={})
        for n, each in enumerate(words, 2)
    ]
    manner = import_runs.Manner(language="en")
    list(import_runs.store_rows(run_id=run.pk, rows=said, manner=manner, by=None, at=NOON))


@pytest.mark.django_db
class TestTheBooks:
    def test_are_closed_by_the_clock_when_nobody_was_heard_of_for_long(
        self, run: ImportRun
    ) -> None:
        store(run, "fine")
        heard_of(run, timezone.now() - SILENT_FOR)

        tasks.close_abandoned_imports()

        run.refresh_from_db()
        assert (run.status, run.rows_read) == ("failed", 1)
        assert run.finished_at is not None
        assert Event.objects.filter(kind="import.failed").count() == 1

    def test_of_one_that_stored_a_batch_a_moment_ago_stay_open(self, run: ImportRun) -> None:
        heard_of(run, NOON)
        store(run, "fine")

        tasks.close_abandoned_imports()

        run.refresh_from_db()
        assert run.status == "running"

    def test_of_the_dead_are_closed_when_the_next_is_started(
        self, run: ImportRun, source: Source
    ) -> None:
        heard_of(run, NOON)

        later = NOON + timedelta(hours=1)
        import_runs.start_import(source=source, file_name="b.csv", by=None, at=later)

        run.refresh_from_db()
        assert run.status == "failed"

    def test_take_nothing_more_once_they_are_closed(self, run: ImportRun) -> None:
        heard_of(run, NOON)
        tasks.close_abandoned_imports()

        with pytest.raises(errors.ImportClosed):
            store(run, "too late")

        assert not Feedback.objects.exists()

    def test_say_where_it_ended_and_what_to_do(self, run: ImportRun, ada: User) -> None:
        store(run, "one", "two")
        heard_of(run, NOON)
        tasks.close_abandoned_imports()
        client = Client(headers={"accept-language": "en"})
        client.force_login(ada, backend=SIGN_IN)

        for name, args in (("changelist", []), ("change", [run.pk])):
            page = client.get(reverse(f"admin:backlog_importrun_{name}", args=args))
            assert "Interrupted after 2 rows. Import the same file again" in page.content.decode()
