"""An import reads zones, rows around the header, syllables and dates as it is told, or says so."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from pytest_django import Settings

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


def totals(lines: list[str]) -> str:
    return next(line for line in lines if " rows in = " in line)


def words() -> list[str]:
    return list(Feedback.objects.order_by("pk").values_list("verbatim", flat=True))


class TestZones:
    @pytest.mark.parametrize(
        ("header", "options", "hour"),
        [
            ("Submit Date (UTC)", {}, 23),
            ("Submit Date", {}, 14),
            ("Submit Date", {"zone": "America/New_York"}, 3),
            ("Submit Date (UTC)", {"zone": "Asia/Tokyo"}, 14),
        ],
    )
    def test_are_as_told_or_as_the_header_says_or_the_installations(
        self, source: Source, write: Write, header: str, options: dict[str, str], hour: int
    ) -> None:
        path = write(f"id,{header},text\n1,2020-03-11 23:38:00,hello\n")

        run(path, text="text", date=header, **options)

        assert Feedback.objects.get().said_at.hour == hour

    def test_are_the_installations_whichever_that_is(
        self, source: Source, write: Write, settings: Settings
    ) -> None:
        settings.TIME_ZONE = "America/New_York"

        run(write("text,at\na,2020-03-11 23:38:00\n"), text="text", date="at")

        assert Feedback.objects.get().said_at.isoformat() == "2020-03-12T03:38:00+00:00"

    def test_that_no_clock_knows_are_refused(self, source: Source, write: Write) -> None:
        with pytest.raises(CommandError, match="no such time zone"):
            run(write("text,at\na,2020-03-11\n"), text="text", date="at", zone="Gone/Nowhere")


class TestRowsAroundTheHeader:
    def test_are_passed_over_as_told(self, source: Source, write: Write) -> None:
        path = write("Export of Monday\nid,text\n(number),(words)\n1,Slow\n")

        run(path, text="text", skip_rows=1, skip_after_header=1)

        assert words() == ["Slow"]

    def test_are_none_where_the_columns_are_given(self, source: Source, write: Write) -> None:
        run(write("1,Slow\n"), text="text", columns="id, text")

        assert words() == ["Slow"]


def test_syllables_that_euckr_spells_out_are_stored_composed(source: Source, write: Write) -> None:
    lines = run(write("text\n말겂나요\n", encoding="euc_kr"), text="text")

    assert lines[0].startswith("Encoding: cp949")
    assert words() == ["말겂나요"]


def test_a_date_that_cannot_be_read_is_reported_and_its_words_kept(
    source: Source, write: Write
) -> None:
    lines = run(write("text,at\nSlow,soon\n"), text="text", date="at")

    assert totals(lines) == "1 rows in = 1 stored + 0 known + 0 reported"
    assert "bad_date" in lines[-1]
    assert words() == ["Slow"]
