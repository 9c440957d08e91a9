"""What stands around a header, how cells are separated, and what is no table at all."""

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from backlog.errors import TableError
from backlog.intake import files
from backlog.intake.files import Format, Row, Table

Write = Callable[[str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(content: str | bytes) -> Path:
        path = tmp_path / "table.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return to_file


def cells(table: Table) -> list[list[str]]:
    return [list(row.cells.values()) for row in table if isinstance(row, Row)]


class TestHeader:
    def test_of_qualtrics_is_followed_by_questions_and_ids_that_are_no_answers(
        self, write: Write
    ) -> None:
        ids = '"{""ImportId"":""QID1""}","{""ImportId"":""QID2""}"'
        table = files.open_table(write(f"Q1,Q2\nHow much?,Why?\n{ids}\n9,Good\n"))

        assert (table.layout.tool, table.layout.below) == ("Qualtrics", 2)
        assert list(table) == [Row(4, {"Q1": "9", "Q2": "Good"})]

    @pytest.mark.parametrize(
        ("number", "kind"),
        [
            ("Respondent ID", "Open-Ended Response"),
            ("respondent_id", "Open-Ended Response"),
            ("응답자 ID", "개방형 응답"),
        ],
    )
    def test_of_surveymonkey_is_followed_by_the_kinds_of_answer(
        self, write: Write, number: str, kind: str
    ) -> None:
        table = files.open_table(write(f"{number},Why?\n,{kind}\n1,Too slow\n2,{kind}\n"))

        assert table.layout.tool == "SurveyMonkey"
        assert cells(table) == [["1", "Too slow"], ["2", kind]]

    def test_of_others_is_followed_by_answers_though_they_have_no_number(
        self, write: Write
    ) -> None:
        table = files.open_table(write("응답자 ID,Why?\n,Too slow\n2,Good\n"))

        assert cells(table) == [["", "Too slow"], ["2", "Good"]]

    def test_of_others_is_where_it_is_said_to_be(self, write: Write) -> None:
        path = write('Export of "Monday\n\nid,text\n(number),(words)\n1,a\n')
        table = files.open_table(path, Format(skip_rows=2, skip_after_header=1))

        assert table.columns == ["id", "text"]
        assert list(table) == [Row(5, {"id": "1", "text": "a"})]

    def test_is_given_where_the_file_has_none(self, write: Write) -> None:
        table = files.open_table(write("1,a\n2,b\n"), Format(columns=("id", "text")))

        assert cells(table) == [["1", "a"], ["2", "b"]]

    @pytest.mark.parametrize("bom", ["", "\ufeff", "\ufeff\ufeff"])
    def test_is_read_without_byte_order_marks(self, write: Write, bom: str) -> None:
        assert files.open_table(write(bom + "text,n\na,1\n")).columns == ["text", "n"]


class TestDelimiter:
    @pytest.mark.parametrize("line", ["sep=;", "SEP=;", '"sep=;"', "\ufeffsep=;"])
    def test_is_what_the_first_line_says(self, write: Write, line: str) -> None:
        table = files.open_table(write(f"{line}\r\nid;text\r\n1;one, two\r\n2;three\r\n"))

        assert table.columns == ["id", "text"]
        assert [row.line for row in table] == [3, 4]

    @pytest.mark.parametrize(
        ("content", "columns"),
        [
            ("id;what, freely;n\n1;good, thanks;9\n2;slow, mend it;3\n", 3),
            ("one|two,two|three\nfour|five,five|six\n", 3),
            ("id;what, freely;n\n1;good, thanks;9\n2;slow;3\n3;fine, so far;3\n", 3),
            ("id,what;why\n1,good\n2,bad\n", 2),
        ],
    )
    def test_is_the_one_that_gives_more_columns_evenly(
        self, write: Write, content: str, columns: int
    ) -> None:
        table = files.open_table(write(content))

        assert len(table.columns) == columns
        assert all(isinstance(row, Row) for row in table)

    def test_cuts_nothing_where_there_is_one_column(self, write: Write) -> None:
        assert cells(files.open_table(write("text\nBad, slow\nGood\n"))) == [
            ["Bad, slow"],
            ["Good"],
        ]


class TestOtherKinds:
    def test_of_file_are_named(self, write: Write, tmp_path: Path) -> None:
        book = tmp_path / "book.xlsx"
        with zipfile.ZipFile(book, "w") as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr("xl/workbook.xml", "<workbook/>")

        for content, name in [
            (book.read_bytes(), ".xlsx"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".xls"),
            (gzip.compress(b"a,b\n1,2\n"), "gzip"),
            (b"%PDF-1.7\n", "PDF"),
            (b"<!DOCTYPE html><table><tr><td>1</td></tr></table>", "XML"),
            (b"\xef\xbb\xbf\r\n <table><tr><td>1</td></tr></table>", "XML"),
        ]:
            with pytest.raises(TableError, match=name) as refused:
                files.open_table(write(content))
            assert refused.value.code == "no_csv"
