"""An import reads zones, rows around the header, syllables and dates as it is told, or says so."""

import pytest
from django.core.management import CommandError
from pytest_django import Settings

from backlog.models import Feedback, Source
from tests.backlog.management.imports import Write, printed, totals, words

pytestmark = pytest.mark.django_db


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

        printed(path, text="text", date=header, **options)

        assert Feedback.objects.get().said_at.hour == hour

    def test_are_the_installations_whichever_that_is(
        self, source: Source, write: Write, settings: Settings
    ) -> None:
        settings.TIME_ZONE = "America/New_York"

        printed(write("text,at\na,2020-03-11 23:38:00\n"), text="text", date="at")

        assert Feedback.objects.get().said_at.isoformat() == "2020-03-12T03:38:00+00:00"

    def test_that_no_clock_knows_are_refused(self, source: Source, write: Write) -> None:
        with pytest.raises(CommandError, match="no such time zone"):
            printed(write("text,at\na,2020-03-11\n"), text="text", date="at", zone="Gone/Nowhere")


class TestRowsAroundTheHeader:
    def test_are_passed_over_as_told(self, source: Source, write: Write) -> None:
        path = write("Export of Monday\nid,text\n(number),(words)\n1,Slow\n")

        printed(path, text="text", skip_rows=1, skip_after_header=1)

        assert words() == ["Slow"]

    def test_are_none_where_the_columns_are_given(self, source: Source, write: Write) -> None:
        printed(write("1,Slow\n"), text="text", columns="id, text")

        assert words() == ["Slow"]


def test_syllables_that_euckr_spells_out_are_stored_composed(source: Source, write: Write) -> None:
    lines = printed(write("text\n말겂나요\n", encoding="euc_kr"), text="text")

    assert lines[0].startswith("Encoding: cp949")
    assert words() == ["말겂나요"]


def test_a_date_that_cannot_be_read_is_reported_and_its_words_kept(
    source: Source, write: Write
) -> None:
    lines = printed(write("text,at\nSlow,soon\n"), text="text", date="at")

    assert totals(lines) == "1 rows in = 1 stored + 0 known + 0 reported"
    assert "bad_date" in lines[-1]
    assert words() == ["Slow"]
