"""Dates as people write them. The first block is met in the wild: `vectors/worked/dates.json`."""
# ruff: noqa: DTZ001 -- many files say a time without an offset, and so must the tests

import json
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from backlog.intake import dates

KST = timezone(timedelta(hours=9))
LISBON = ["08/11/2021 17:05:47", "09/11/2021 08:00:00", "13/11/2021 08:00:00"]


class TestParseDate:
    @pytest.mark.parametrize(
        ("text", "means"),
        [
            ("15.05.23", date(2015, 5, 23)),
            ("31-Jul-18", date(2018, 7, 31)),
            ("2017-07-18 08:28:09", datetime(2017, 7, 18, 8, 28, 9)),
            ("2025. 9. 17. 오후 6:52:14", datetime(2025, 9, 17, 18, 52, 14)),
            ("2025-9-24 9:50:56 AM", datetime(2025, 9, 24, 9, 50, 56)),
            ("1719252562899", datetime(2024, 6, 24, 18, 9, 22, 899000, tzinfo=UTC)),
            ("1617691790431476", datetime(2021, 4, 6, 6, 49, 50, 431476, tzinfo=UTC)),
            (
                "2016-04-11T07:29:03.294-07:00",
                datetime(2016, 4, 11, 7, 29, 3, 294000, timezone(timedelta(hours=-7))),
            ),
            ("2018. 7. 31.", date(2018, 7, 31)),
            ("2018.7.31", date(2018, 7, 31)),
            ("2018/03/31", date(2018, 3, 31)),
            ("2024년 3월 5일", date(2024, 3, 5)),
            ("2024년 3월 5일 오후 2:30", datetime(2024, 3, 5, 14, 30)),
            ("2024년 3월 5일 오전 12시 5분", datetime(2024, 3, 5, 0, 5)),
            ("2024-03-05", date(2024, 3, 5)),
            ("2024-03-05T14:30:00Z", datetime(2024, 3, 5, 14, 30, tzinfo=UTC)),
            ("2024-03-05 14:30:00 UTC", datetime(2024, 3, 5, 14, 30, tzinfo=UTC)),
            ("1709649000", datetime(2024, 3, 5, 14, 30, tzinfo=UTC)),
            ("March 5, 2024", date(2024, 3, 5)),
            ("Mar 5 2024 2:30 pm", datetime(2024, 3, 5, 14, 30)),
            ("5 March 2024", date(2024, 3, 5)),
            ("23.05.2015", date(2015, 5, 23)),
            ("31.12.99", date(1999, 12, 31)),
            ("05/05/2021", date(2021, 5, 5)),
            ("12/31/2021", date(2021, 12, 31)),
            ("2024-03-05 10:22:33 +0900", datetime(2024, 3, 5, 10, 22, 33, tzinfo=KST)),
            ("2024-03-05T10:22:33+0900", datetime(2024, 3, 5, 10, 22, 33, tzinfo=KST)),
            ("2024/03/05 10:22:33 +09:00", datetime(2024, 3, 5, 10, 22, 33, tzinfo=KST)),
            ("Tue, 05 Mar 2024 10:22:33 +0900", datetime(2024, 3, 5, 10, 22, 33, tzinfo=KST)),
            ("Fri, 5 Mar 2021 15:21:09 GMT", datetime(2021, 3, 5, 15, 21, 9, tzinfo=UTC)),
            ("2024/03/05 9:05:12 AM GMT+9", datetime(2024, 3, 5, 9, 5, 12, tzinfo=KST)),
            ("2021/03/05 3:21:09 오후 GMT+9", datetime(2021, 3, 5, 15, 21, 9, tzinfo=KST)),
            ("2021. 3. 5 오후 3:21:09", datetime(2021, 3, 5, 15, 21, 9)),
            (
                "2021/12/25 11:02:00 AM GMT-5",
                datetime(2021, 12, 25, 11, 2, tzinfo=timezone(timedelta(hours=-5))),
            ),
            ("2024-03-05 10:22 KST", datetime(2024, 3, 5, 10, 22, tzinfo=KST)),
            (
                "Tue Mar 05 2024 10:22:33 GMT+0900 (한국 표준시)",
                datetime(2024, 3, 5, 10, 22, 33, tzinfo=KST),
            ),
            ("Tue Mar  5 10:22:33 2024", datetime(2024, 3, 5, 10, 22, 33)),
            ("09/Jan/24 3:54 PM", datetime(2024, 1, 9, 15, 54)),
            ("Saturday, March 9th, 2024 at 2:30 p.m.", datetime(2024, 3, 9, 14, 30)),
            ("2024-Mar-05", date(2024, 3, 5)),
            ("2021-03-05 (금) 15:21", datetime(2021, 3, 5, 15, 21)),
            ("2021년 3월 5일 금요일", date(2021, 3, 5)),
            ("2021-03-05 자정", datetime(2021, 3, 5)),
            ("2021-03-05 정오", datetime(2021, 3, 5, 12)),
            # Written on a Mac, by a wide keyboard, and with marks of direction.
            (
                unicodedata.normalize("NFD", "2021. 3. 5. 오후 3:21:09"),
                datetime(2021, 3, 5, 15, 21, 9),
            ),
            ("２０２１．３．５ １５：２１", datetime(2021, 3, 5, 15, 21)),
            ("\u200e2021-03-05\u200e 15:21", datetime(2021, 3, 5, 15, 21)),
            ("2021-03-05 3:21\u202fPM", datetime(2021, 3, 5, 15, 21)),
            ("2021年3月5日 15:21", datetime(2021, 3, 5, 15, 21)),
            ("금요일, 2021년 3월 5일", date(2021, 3, 5)),
            # Java's and `date`'s own, Slack's, those of banks, of spreadsheets and of forms.
            ("Fri Mar 05 15:21:09 KST 2021", datetime(2021, 3, 5, 15, 21, 9, tzinfo=KST)),
            ("1617691790.431476", datetime(2021, 4, 6, 6, 49, 50, 431476, tzinfo=UTC)),
            ("20210305152109", datetime(2021, 3, 5, 15, 21, 9)),
            ("202103051521", datetime(2021, 3, 5, 15, 21)),
            ("44260", date(2021, 3, 5)),
            ("44260.6396875", datetime(2021, 3, 5, 15, 21, 9)),
            ("2021-03-05 15:21 (UTC+9)", datetime(2021, 3, 5, 15, 21, tzinfo=KST)),
            ("2021-03-05 15:21:09 (KST)", datetime(2021, 3, 5, 15, 21, 9, tzinfo=KST)),
        ],
    )
    def test_understands(self, text: str, means: date) -> None:
        assert dates.parse_date(text) == means
        assert dates.parse_date(f" {text} ") == means

    @pytest.mark.parametrize(
        "text",
        [
            *("", "soon", "2024-02-30", "2021/13/01", "1.5.2", "12:30", "2024.3.5 25:00", "오후"),
            *("2024-03-05 14.05", "12345", "99999.5", "202413051521", "20240305256000"),
            *("5", "2024-03-05x10:00", "2024-03-05 10:22 IST", "2024-03-05 10:22 +99:00", "금요일"),
        ],
    )
    def test_makes_nothing_of_what_is_no_date(self, text: str) -> None:
        assert dates.parse_date(text) is None

    @pytest.mark.parametrize("text", ["08/11/2021", "24-03-05", "01/02/03 10:00"])
    def test_does_not_guess_between_two_meanings(self, text: str) -> None:
        assert dates.parse_date(text) is None

    def test_is_told_the_order(self) -> None:
        assert dates.parse_date("08/11/2021", order="dmy") == date(2021, 11, 8)
        assert dates.parse_date("08/11/2021", order="mdy") == date(2021, 8, 11)
        assert dates.parse_date("24-03-05", order="ymd") == date(2024, 3, 5)
        assert dates.parse_date("23.05.15", order="dmy") == date(2015, 5, 23)
        assert dates.parse_date("2021/11/08", order="dmy") == date(2021, 11, 8)

    def test_reads_nothing_against_the_order_it_is_told(self) -> None:
        assert dates.parse_date("02/13/2026", order="dmy") is None
        assert dates.parse_date("13/02/2026", order="mdy") is None

    @pytest.mark.parametrize(
        ("header", "hours"),
        [("Submit Date (UTC)", 0), ("created_at_utc", 0), ("Time GMT+9", 9), ("시각(KST)", 9)],
    )
    def test_believes_a_header_that_says_its_zone(self, header: str, hours: int) -> None:
        zone = dates.zone_said(header)
        assert zone is not None
        assert zone.utcoffset(None) == timedelta(hours=hours)

    @pytest.mark.parametrize("header", ["date", "outcome", "GMTime", "UTCB"])
    def test_finds_no_zone_in_other_headers(self, header: str) -> None:
        assert dates.zone_said(header) is None


class TestDetectOrder:
    def test_finds_the_cell_that_settles_it(self) -> None:
        assert dates.detect_order(LISBON) == "dmy"
        assert dates.detect_order(["08/11/2021", "", "11/13/2021"]) == "mdy"
        assert dates.detect_order(["2021-11-08"] * 2) is None

    def test_puts_several_cells_together(self) -> None:
        assert dates.detect_order(["24-03-05", "99-12-31"]) == "ymd"

    def test_does_not_guess(self) -> None:
        assert dates.detect_order(LISBON[:2]) == dates.Doubt(LISBON[0])
        assert dates.detect_order(["soon"]) is None
        assert dates.detect_order([]) is None

    def test_reads_no_further_than_needed(self) -> None:
        endless = iter(LISBON * 2)

        dates.detect_order(endless)

        assert list(endless) == LISBON


@pytest.mark.shared
def test_every_published_spelling_is_understood(shared: Path) -> None:
    cases = json.loads((shared / "vectors" / "worked" / "dates.json").read_text())["formats_seen"]
    for case in cases:
        read = dates.parse_date(case["text"], order="dmy" if "day first" in case["means"] else None)
        assert read is not None, case
        if stated := re.search(r"\d{4}-\d\d-\d\d", case["means"]):
            assert f"{read:%Y-%m-%d}" == stated[0]
