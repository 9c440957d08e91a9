"""`manage.py import_feedback`: a file in, every row stored or reported, nothing twice."""

import csv
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.utils import timezone

from backlog.models import (
    ContactPoint,
    Customer,
    Event,
    Feedback,
    Identity,
    ImportRun,
    Reading,
    Source,
)
from backlog.operations import import_runs
from tests.backlog.management.imports import Write, run
from tests.factories.backlog import SourceFactory

pytestmark = pytest.mark.django_db

FILE = """id,review,who,stars,said
1,결제가 안 돼요,kim@example.com,2,24.03.05
2,"알림이 두 번,
와요",lee@example.com,4,24.03.06
3, ,kim@example.com,3,24.03.07
4,good,kim@example.com,eleven,24.03.07
5,good,,5,soon
6,=cmd()
7,great,,,
8,cut"""
COLUMNS = {"author": "who", "rating": "stars", "date": "said", "external_id": "id"}


@pytest.fixture
def source() -> Source:
    return SourceFactory.create(key="store")


def refusal(path: Path, **options: object) -> str:
    with pytest.raises(CommandError) as refused:
        run(path, **options)
    return str(refused.value)


class TestImportFeedback:
    def test_stores_or_reports_every_row(self, source: Source, write: Write) -> None:
        lines = run(write(FILE), **COLUMNS)

        assert lines[0] == "8 rows in = 6 stored + 0 known + 2 reported"
        assert [line.split()[1] for line in lines[1:]] == [
            "too_few_cells",
            "truncated",
            "bad_rating",
            "bad_date",
        ]
        assert lines[-1].endswith("– stored without it)")
        assert Feedback.objects.get(external_id="2").verbatim == "알림이 두 번,\n와요"
        assert Feedback.objects.get(external_id="1").said_at.isoformat().startswith("2024-03-04T15")
        assert Customer.objects.count() == 2
        assert list(Reading.objects.values_list("kind", flat=True)) == ["stars"] * 4

    def test_keeps_its_books(self, source: Source, write: Write) -> None:
        run(write(FILE), **COLUMNS)

        books = ImportRun.objects.get()
        assert (books.status, books.file_name) == ("finished", "reviews.csv")
        assert books.finished_at is not None
        assert (books.rows_read, books.rows_stored, books.rows_refused) == (8, 6, 2)

    def test_stores_nothing_the_second_time(self, source: Source, write: Write) -> None:
        run(write(FILE), **COLUMNS)

        assert run(write(FILE), **COLUMNS)[0] == "8 rows in = 0 stored + 6 known + 2 reported"
        assert Feedback.objects.count() == 6

    def test_says_the_same_of_a_dry_run_and_stores_nothing(
        self, source: Source, write: Write
    ) -> None:
        content = FILE.replace("6,=cmd()\n", "6,=cmd()\n1,again,,,\n")
        dry = run(write(content), dry_run=True, batch=2, **COLUMNS)

        for model in (Feedback, Customer, ImportRun, Event):
            assert not model.objects.exists()
        assert dry[-1] == "This was a dry run: nothing was stored."
        assert run(write(content), batch=2, **COLUMNS) == dry[:-1]

    def test_lists_what_was_not_stored_without_formulas(
        self, source: Source, write: Write, tmp_path: Path
    ) -> None:
        report = tmp_path / "report.csv"

        run(write(FILE.replace("6,=cmd()", "=cmd(),6")), report=report, **COLUMNS)

        rows = list(csv.reader(report.read_text(encoding="utf-8-sig").splitlines()))
        assert rows[0] == ["line", "code", "message", "beginning of the row", "stored"]
        assert [[*row[:2], row[4]] for row in rows[1:]] == [
            ["6", "bad_rating", "yes"],
            ["7", "bad_date", "yes"],
            ["8", "too_few_cells", "no"],
            ["10", "truncated", "no"],
        ]
        assert rows[1][2] == "“eleven” is no rating from 0 to 10."
        assert rows[3][3] == "'=cmd(),6"

    def test_finds_the_order_of_dates_in_the_column(self, source: Source, write: Write) -> None:
        run(write("review,on\na,08/11/2021\nb,13/11/2021\n"), date="on")
        run(write("review,on\nc,08/11/2021\n"), date="on", date_order="mdy")

        said = Feedback.objects.order_by("pk").values_list("said_at__month", flat=True)
        assert list(said) == [11, 11, 8]

    def test_asks_where_dates_could_mean_either_and_none_decides(
        self, source: Source, write: Write
    ) -> None:
        message = refusal(write("review,on\na,08/11/2021\nb,09/11/2021\n"), date="on")

        assert "“08/11/2021” can be read in several ways" in message
        assert "--date-order" in message
        assert not Feedback.objects.exists()

    def test_reads_no_date_against_the_order_of_the_others(
        self, source: Source, write: Write
    ) -> None:
        lines = run(write("review,on\na,13/02/2021\nb,02/13/2021\nc,01/02/2021\n"), date="on")

        assert "bad_date (line 3" in lines[1]
        assert Feedback.objects.get(verbatim="c").said_at.month in (1, 2)
        assert Feedback.objects.get(verbatim="b").said_at > timezone.now() - timedelta(hours=1)

    def test_reads_ratings_with_a_decimal_comma(self, source: Source, write: Write) -> None:
        run(write('review,stars\na,"4,5"\n'), rating="stars")

        assert str(Reading.objects.get().value) == "4.50"

    @pytest.mark.parametrize("rating", ["-1", "10.01", "Infinity", "1e9", "ten", "1-5"])
    def test_reports_ratings_off_their_scale(
        self, source: Source, write: Write, rating: str
    ) -> None:
        lines = run(write(f"review,n\na,{rating}\n"), rating="n", rating_kind="nps")

        assert "bad_rating" in lines[1]

    def test_reports_cells_that_are_too_long(self, source: Source, write: Write) -> None:
        lines = run(write(f"review,who\na,{'x' * 256}\n"), author="who")

        assert "cell_too_long" in lines[1]

    def test_uses_the_language_it_is_told(self, source: Source, write: Write) -> None:
        run(write("review\nfine\n"), language="en")
        run(write("review\n좋아요\n"))

        assert list(Feedback.objects.order_by("pk").values_list("language", flat=True)) == [
            "en",
            "ko",
        ]

    def test_leaves_whole_batches_when_interrupted_and_then_completes(
        self, source: Source, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = write("review\n" + "".join(f"text {n}\n" for n in range(10)))
        drafts, calls = import_runs._drafts, iter(range(10))

        def interrupted(*args: Any, **options: Any) -> Any:
            if next(calls) == 2:
                raise KeyboardInterrupt
            return drafts(*args, **options)

        monkeypatch.setattr(import_runs, "_drafts", interrupted)
        assert "again" in refusal(path, batch=3)
        books = ImportRun.objects.get()
        assert (books.status, books.rows_stored) == ("failed", 6)
        assert Feedback.objects.count() == 6

        assert run(path)[0] == "10 rows in = 4 stored + 6 known + 0 reported"


class TestAuthors:
    WRITTEN = (
        "o&m@example.com",
        '"A Name <Kim@example.com>"',
        "mailto:lee@example.com",
        "\u200bpark@example.com\u00a0",
        "choi@bücher.example",
        "jung＠example.com",
    )

    def test_written_as_addresses_in_any_way_have_addresses(
        self, source: Source, write: Write
    ) -> None:
        rows = "".join(f"text {n},{who}\n" for n, who in enumerate(self.WRITTEN))

        said = run(write("review,who\n" + rows), author="who")

        assert said[0] == "6 rows in = 6 stored + 0 known + 0 reported"
        assert not Identity.objects.exists()
        found = ContactPoint.objects.order_by("pk").values_list("address", flat=True)
        assert list(found) == [
            "o&m@example.com",
            "kim@example.com",
            "lee@example.com",
            "park@example.com",
            "choi@xn--bcher-kva.example",
            "jung@example.com",
        ]

    def test_meant_as_addresses_that_nobody_can_write_to_are_reported(
        self, source: Source, write: Write
    ) -> None:
        rows = 'one,kim@\ntwo,a@b@example.com\nthree,"a@b.kr; c@d.kr"\nfour,@kim\n'

        said = run(write("review,who\n" + rows), author="who")

        assert said[0] == "4 rows in = 1 stored + 0 known + 3 reported"
        assert "3 bad_address (line 2: “kim@” is no e-mail address" in said[1]
        assert Identity.objects.get().external_id == "@kim"

    def test_learn_an_address_from_a_column_of_its_own(self, source: Source, write: Write) -> None:
        rows = "one,u1,\ntwo,u1,kim@example.com\nthree,,kim@example.com\nfour,,kim@\n"

        said = run(write("review,who,mail\n" + rows), author="who", email="mail")

        assert said[0] == "4 rows in = 3 stored + 0 known + 1 reported"
        customer = Customer.objects.get()
        assert (customer.contact_points.count(), customer.identities.count()) == (1, 1)

    def test_whose_address_is_anothers_are_reported_and_their_words_stored(
        self, source: Source, write: Write
    ) -> None:
        rows = "one,u1,\ntwo,,kim@example.com\nthree,u1,kim@example.com\n"

        said = run(write("review,who,mail\n" + rows), author="who", email="mail")

        assert said[0] == "3 rows in = 3 stored + 0 known + 0 reported"
        assert "1 address_taken (line 4: The row is stored." in said[1]
        assert Customer.objects.count() == 2


class TestRefusals:
    def test_name_the_columns_there_are_and_the_closest(self, source: Source, write: Write) -> None:
        message = refusal(write(FILE), text="reviews")

        assert message == (
            "There is no column “reviews”. The file has: “id”, “review”, “who”, “stars”, “said”. "
            "Did you mean “review”?"
        )
        assert not ImportRun.objects.exists()

    def test_name_the_sources_there_are(self, source: Source, write: Write) -> None:
        SourceFactory.create(key="survey")

        assert refusal(write(FILE), source="stores") == (
            "There is no source “stores”; there are: store, survey. Did you mean “store”?"
        )

    def test_name_the_languages_there_are(self, source: Source, write: Write) -> None:
        assert refusal(write(FILE), language="tlh") == (
            "There is no language “tlh”; there are: ko, en."
        )

    def test_are_given_for_what_cannot_be_read(
        self, source: Source, write: Write, tmp_path: Path
    ) -> None:
        assert refusal(write("")) == "The file is empty."
        assert "No such file" in refusal(tmp_path / "nowhere.csv")
        assert "directory" in refusal(tmp_path)
        assert "klingon" in refusal(write(FILE), encoding="klingon")
        assert refusal(write(FILE), batch=0) == "A batch has 1 to 10000 rows."

    def test_save_the_file_from_its_own_report(self, source: Source, write: Write) -> None:
        path = write(FILE)

        refusal(path, report=path)

        assert path.read_text() == FILE

    def test_are_given_for_a_source_that_is_switched_off(self, write: Write) -> None:
        SourceFactory.create(key="store", is_active=False)

        assert "switched off" in refusal(write(FILE))
