"""`manage.py import_feedback` on files as tools and people make them: nothing lost or altered."""

import unicodedata
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from backlog.intake import files
from backlog.intake.files import Row
from backlog.models import Consent, Event, Feedback, ImportRun, Reading, Source
from backlog.operations import import_runs
from backlog.queries import repeats
from backlog.statistics import surveys
from tests.backlog.management.imports import Write, printed, totals, words

pytestmark = pytest.mark.django_db


class TestRatings:
    def test_alone_are_kept_and_count(self, source: Source, write: Write) -> None:
        printed(write("id,nps,comment\n1,10,\n2,9, \n3,0,bad\n"), text="comment", rating="nps")

        assert words() == ["", "", "bad"]
        assert [int(it.value) for it in Reading.objects.order_by("pk")] == [10, 9, 0]
        assert list(Feedback.objects.unlinked().values_list("verbatim", flat=True)) == ["bad"]

    def test_need_no_column_of_words(self, source: Source, write: Write) -> None:
        lines = printed(write("id,nps\n1,10\n2,NA\n"), rating="nps", rating_kind="nps")

        assert totals(lines) == "2 rows in = 1 stored + 0 known + 1 reported"

    def test_alone_ask_for_nothing_that_could_be_answered(
        self, source: Source, write: Write
    ) -> None:
        printed(
            write("who,nps,comment\na@example.com,10,\nb@example.com,9,fine\n"),
            text="comment",
            rating="nps",
            author="who",
        )

        assert Consent.objects.get().proof == {"feedback": Feedback.objects.get(verbatim="fine").pk}

    @pytest.mark.parametrize("mark", ["NA", "N/A", "-", "#N/A", "null", "무응답", " NaN "])
    def test_and_words_are_missing_where_a_mark_says_so(
        self, source: Source, write: Write, mark: str
    ) -> None:
        printed(
            write(f"nps,comment\n10,{mark}\n{mark},Quelle garantie ?\n"),
            text="comment",
            rating="nps",
        )

        assert words() == ["", "Quelle garantie ?"]
        assert [int(it.value) for it in Reading.objects.all()] == [10]

    def test_are_missing_for_marks_of_ones_own(self, source: Source, write: Write) -> None:
        printed(
            write("nps,comment\n99,none\n9,none\n9,없음\n"),
            text="comment",
            rating="nps",
            missing=["none", "99"],
        )

        assert words() == ["", "없음"]

    @pytest.mark.parametrize(
        ("label", "value"),
        [
            ("10 - Extremely likely", 10),
            ("0 - Not at all likely", 0),
            ("4점", 4),
            ("7: gut", 7),
            ("3 stars", 3),
            ("4/5", 4),
            ("1 (매우 불만족)", 1),
            ("10(매우 만족)", 10),
            ("4 out of 5", 4),
            (unicodedata.normalize("NFD", "4점"), 4),
        ],
    )
    def test_are_the_numbers_that_labels_begin_with(
        self, source: Source, write: Write, label: str, value: int
    ) -> None:
        printed(write(f"n,comment\n{label},great\n"), text="comment", rating="n")

        assert Reading.objects.get().value == value

    @pytest.mark.parametrize(
        "label",
        [
            *("1-5", "very likely", "4/20", "10.5.2024", "1 2", "11/10"),
            *("5점 만점에 4점", "5 or 6", "3 out of 20"),
        ],
    )
    def test_that_cannot_be_read_are_reported_and_their_words_kept(
        self, source: Source, write: Write, label: str
    ) -> None:
        lines = printed(
            write(f"n,comment\n{label},great\n"), text="comment", rating="n", rating_kind="nps"
        )

        assert totals(lines) == "1 rows in = 1 stored + 0 known + 0 reported"
        assert "bad_rating" in lines[-1]
        assert words() == ["great"]
        assert not Reading.objects.exists()


class TestRepeats:
    def test_of_words_by_two_people_are_both_kept_and_not_twice(
        self, source: Source, write: Write
    ) -> None:
        path = write("respondent,comment,score\nA,좋아요,9\nB,좋아요,9\n")

        first = printed(path, text="comment", rating="score")
        second = printed(path, text="comment", rating="score")

        assert totals(first) == "2 rows in = 2 stored + 0 known + 0 reported"
        assert totals(second) == "2 rows in = 0 stored + 2 known + 0 reported"

    def test_of_a_cut_number_are_told_apart_by_what_they_say(
        self, source: Source, write: Write
    ) -> None:
        path = write("ticket,comment\n1.23457E+17,card\n1.23457E+17,crash\n1.23457E+17,dark\n")

        lines = printed(path, text="comment", external_id="ticket")

        assert words() == ["card", "crash", "dark"]
        assert "3 cut_number" in lines[-1]
        assert totals(printed(path, text="comment", external_id="ticket")).startswith(
            "3 rows in = 0 stored + 3 known"
        )

    @pytest.mark.parametrize("dry_run", [False, True])
    @pytest.mark.parametrize(
        ("on_change", "outcome"),
        [("keep_first", "0 stored + 1 known"), ("keep_both", "1 stored + 0 known")],
    )
    def test_of_a_number_with_other_words_are_for_the_source_to_decide(
        self, source: Source, write: Write, on_change: str, outcome: str, dry_run: bool
    ) -> None:
        Source.objects.update(on_change=on_change)
        columns = {"text": "comment", "rating": "score", "external_id": "id"}
        printed(write("id,comment,score\n5435,Slow,5\n"), **columns)

        lines = printed(write("id,comment,score\n5435,Fast now,10\n"), dry_run=dry_run, **columns)

        assert totals(lines) == f"1 rows in = {outcome} + 0 reported"
        assert any("other_words" in line for line in lines) == (on_change == "keep_first")
        kept_both = on_change == "keep_both" and not dry_run
        assert words() == (["Slow", "Fast now"] if kept_both else ["Slow"])

    def test_of_a_change_that_was_kept_are_known(self, source: Source, write: Write) -> None:
        Source.objects.update(on_change="keep_both")
        path = write("id,comment\n1,Slow\n1,Fast now\n1,Slow\n")

        first = printed(path, text="comment", external_id="id")

        assert totals(first) == "3 rows in = 2 stored + 1 known + 0 reported"
        assert totals(printed(path, text="comment", external_id="id")).startswith(
            "3 rows in = 0 stored"
        )


class TestLanguages:
    def test_are_each_rows_own_where_the_source_has_none(
        self, source: Source, write: Write
    ) -> None:
        lines = printed(
            write("text\n결제가 안 돼요\nPaying fails\napp이 crash 나요\n"), text="text"
        )

        assert "Language: each row's own" in "\n".join(lines)
        spoken = Feedback.objects.order_by("pk").values_list("language", flat=True)
        assert list(spoken) == ["ko", "en", "ko"]

    def test_are_the_sources_where_it_has_one(self, source: Source, write: Write) -> None:
        Source.objects.update(language="ko")

        printed(write("text\nPaying fails\n"), text="text")

        assert Feedback.objects.get().language == "ko"


class TestUnderstanding:
    def test_is_said_before_anything_is_stored(
        self, source: Source, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        said = list[str]()
        out = StringIO()

        def stops(**_facts: object) -> None:
            said.extend(out.getvalue().splitlines())
            raise KeyboardInterrupt

        monkeypatch.setattr(import_runs, "start_import", stops)
        path = write("sep=;\n의견;날짜 (UTC)\n결제가 안 돼요;13/02/2024\n", "cp949")
        with translation.override("en"), pytest.raises(CommandError, match="Nothing was stored"):
            call_command(
                "import_feedback",
                str(path),
                source="store",
                text="의견",
                date="날짜 (UTC)",
                stdout=out,
            )

        assert said[:5] == [
            "Encoding: cp949 (found out; --encoding says otherwise)",
            "Cells are separated by: ; (found out; --delimiter says otherwise)",
            "Header, line 2: “의견”, “날짜 (UTC)” (--skip-rows, --columns say otherwise)",
            "Times without an offset are of: UTC (as its column says; --zone says otherwise)",
            "Dates are written: DD MM YYYY (--date-order says otherwise)",
        ]
        assert said[-1].startswith("Language: each row's own")

    def test_asks_for_a_column_of_words_or_ratings(self, source: Source, write: Write) -> None:
        with pytest.raises(CommandError, match="--text"):
            printed(write("a,b\n1,2\n"))


class TestDryRun:
    CONTENT = "id,text,n\n1,a,5\n2,b,x\n2,c,\n,d,\n,d,\n4,,\n"
    COLUMNS = {"text": "text", "rating": "n", "external_id": "id"}

    @pytest.mark.parametrize("batch", [1, 2, 100])
    @pytest.mark.parametrize("on_change", ["keep_first", "keep_both"])
    def test_says_what_an_import_then_does(
        self, source: Source, write: Write, batch: int, on_change: str
    ) -> None:
        Source.objects.update(on_change=on_change)
        path = write(self.CONTENT)

        dry = printed(path, dry_run=True, batch=batch, **self.COLUMNS)

        assert printed(path, batch=batch, **self.COLUMNS) == dry[:-1]

    def test_writes_nothing_and_locks_nothing(self, source: Source, write: Write) -> None:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            printed(write(self.CONTENT), dry_run=True, **self.COLUMNS)

        assert {query["sql"].split()[0] for query in queries} == {"SELECT"}
        assert not any("FOR UPDATE" in query["sql"] for query in queries)
        for model in (Feedback, ImportRun, Event):
            assert not model.objects.exists()

    def test_that_is_interrupted_has_nothing_left_to_store(
        self, source: Source, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupted(*args: Any) -> object:
            raise KeyboardInterrupt

        monkeypatch.setattr(repeats, "settle", interrupted)
        with pytest.raises(CommandError) as stopped:
            printed(write(self.CONTENT), dry_run=True, **self.COLUMNS)

        assert stopped.value.returncode == 130
        assert str(stopped.value) == (
            "Stopped. This was a dry run: nothing was to be stored, and nothing was."
        )


@pytest.mark.shared
class TestEveryFile:
    """Of each file the first column is taken for the words: any will do to count the rows."""

    def test_is_accounted_for_row_by_row(self, source: Source, shared: Path) -> None:
        inputs = sorted((shared / "faults" / "inputs").glob("*.csv"))
        datasets = sorted((shared / "data" / "datasets").rglob("*.csv"))
        assert len(inputs) > 30

        for path in [*inputs, *datasets]:
            if path.name == "frictionless-empty.csv":
                continue
            table = files.open_table(path)
            rows = list(table)
            before = Feedback.objects.count()

            lines = printed(path, text=table.columns[-1])

            assert lines[0].startswith("Encoding: ")
            run_of_it = ImportRun.objects.latest("pk")
            assert run_of_it.rows_read == len(rows), path.name
            assert run_of_it.rows_stored == Feedback.objects.count() - before, path.name
            cells = [row.cells for row in rows if isinstance(row, Row)]
            for stored in run_of_it.feedback.all():
                assert stored.payload in cells
                assert stored.verbatim == stored.payload[table.columns[-1]]

    def test_of_scores_alone_has_the_published_nps(
        self, source: Source, write: Write, shared: Path
    ) -> None:
        published = (shared / "vectors" / "worked" / "nps.json").read_text(encoding="utf-8")
        assert '"nps": 33.333333333333336' in published
        scores = [10] * 100 + [9] * 62 + [8] * 60 + [7] * 48 + [6] * 30 + [0] * 24
        path = write("id,nps\n" + "".join(f"{n},{score}\n" for n, score in enumerate(scores)))

        printed(path, rating="nps", rating_kind="nps", external_id="id")

        answers = [int(it) for it in Reading.objects.values_list("value", flat=True)]
        figure = surveys.nps(answers)
        assert figure is not None
        assert figure.n == 324
        assert figure.value.middle == pytest.approx(33.333333333333336)
