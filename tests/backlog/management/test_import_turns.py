"""An import lets go of the lock where one writes at a time."""

import time

import pytest
from django.db import connection

from backlog.management.commands import import_feedback
from backlog.models import Source
from tests.backlog.management.imports import Write, printed

pytestmark = pytest.mark.django_db


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

        printed(write("words\nSlow\n"), text="words", source=source.key)

        assert bool(rests) == (connection.vendor == "sqlite")

    def test_have_no_more_rows_than_are_asked_for(self) -> None:
        turns = import_feedback.Turns(most=3)
        turns.rest()

        assert turns.rows == 3
