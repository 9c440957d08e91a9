"""Reading tables: every record comes out once, as it was written or with what is wrong with it."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import translation

from backlog.errors import TableError
from backlog.intake import files, records
from backlog.intake.files import Format, Row, Table
from backlog.intake.problems import BadRow

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


def problems(table: Table) -> list[tuple[int, str]]:
    return [(row.line, row.code) for row in table if isinstance(row, BadRow)]


class TestOpenTable:
    def test_reads_rows_with_their_lines_and_keeps_their_words(self, write: Write) -> None:
        table = files.open_table(write('id,text\n1," two\nlines "\n\n2,한글 ㅋㅋ\n'))

        assert list(table) == [
            Row(2, {"id": "1", "text": " two\nlines "}),
            Row(5, {"id": "2", "text": "한글 ㅋㅋ"}),
        ]

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
    def test_knows_every_line_ending(self, write: Write, end: str) -> None:
        table = files.open_table(write(end.join(["id,text", "1,a", '2,"b"', "3,c", ""])))

        assert cells(table) == [["1", "a"], ["2", "b"], ["3", "c"]]
        assert [row.line for row in table] == [2, 3, 4]

    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_finds_the_delimiter(self, write: Write, delimiter: str) -> None:
        rows = ["id{0}text{0}when", "1{0}oh, well; yes{0}now", "2{0}fine{0}later"]
        rows[1] = rows[1].replace("oh, well; yes", '"oh, well; yes"')
        table = files.open_table(write("\n".join(rows).format(delimiter)))

        assert table.dialect.delimiter == delimiter
        assert cells(table) == [["1", "oh, well; yes", "now"], ["2", "fine", "later"]]

    def test_is_told_the_delimiter(self, write: Write) -> None:
        assert cells(files.open_table(write("a#b\n1#2"), Format(delimiter="#"))) == [["1", "2"]]
        assert cells(files.open_table(write("a\tb\n1\t2"), Format(delimiter="\\t"))) == [["1", "2"]]

    @pytest.mark.parametrize("delimiter", ["", "ab", '"', "\n"])
    def test_refuses_a_delimiter_that_cannot_be_one(self, write: Write, delimiter: str) -> None:
        with pytest.raises(TableError) as refused:
            files.open_table(write("a,b\n1,2\n"), Format(delimiter=delimiter))

        assert refused.value.code == "unknown_delimiter"

    def test_reads_doubled_quotes(self, write: Write) -> None:
        table = files.open_table(write('id,text\n1,"he said ""hi"""\n2,5" screen\n'))

        assert cells(table) == [["1", 'he said "hi"'], ["2", '5" screen']]

    def test_reads_escaped_quotes_and_delimiters(self, write: Write) -> None:
        table = files.open_table(write('id,text\n1,"he said \\"hi\\""\n2,well\\, yes\n3,c\n'))

        assert cells(table) == [["1", 'he said "hi"'], ["2", "well, yes"], ["3", "c"]]

    def test_leaves_backslashes_that_escape_nothing(self, write: Write) -> None:
        table = files.open_table(write('id,text\n1,"C:\\temp\\"\n2,\\o/\n'))

        assert cells(table) == [["1", "C:\\temp\\"], ["2", "\\o/"]]

    def test_takes_a_header_alone_for_a_table_without_rows(self, write: Write) -> None:
        table = files.open_table(write("id,text\n"))

        assert table.columns == ["id", "text"]
        assert list(table) == []

    @pytest.mark.parametrize("content", ["", "\ufeff", "\n\n", " \r\n"])
    def test_refuses_an_empty_file(self, write: Write, content: str) -> None:
        with pytest.raises(TableError) as refused:
            files.open_table(write(content))

        assert refused.value.code == "empty_file"

    @pytest.mark.parametrize("name", ["column,", "c,", "a-column-with-quite-a-long-name,"])
    def test_refuses_a_million_columns(self, write: Write, name: str) -> None:
        with pytest.raises(TableError) as refused:
            files.open_table(write(name * 1_000_000 + "\n" + "1," * 1_000_000))

        assert refused.value.code == "too_many_columns"

    @pytest.mark.parametrize(
        "content", ['"id,text\n1,a\n', "i\0d,text\n1,a\n", "x" * (records.MAX_CHARS + 1)]
    )
    def test_refuses_a_header_that_cannot_be_read(self, write: Write, content: str) -> None:
        with pytest.raises(TableError) as refused:
            files.open_table(write(content))

        assert refused.value.code == "unreadable_header"

    def test_says_how_far_reading_has_come(self, write: Write) -> None:
        path = write("id,text\n" + "1,a\n" * 50_000)
        table = files.open_table(path)
        assert table.bytes_read == 0

        rows = iter(table)
        next(rows)

        assert 0 < table.bytes_read < path.stat().st_size


class TestBadRows:
    def test_are_reported_with_their_line_and_the_rest_is_read(self, write: Write) -> None:
        table = files.open_table(write('a,b\n1,2\n3\n4,5,6\n7,8\n"9"x,10\n11,"y"z"\n12,13\n'))

        assert cells(table) == [["1", "2"], ["7", "8"], ["12", "13"]]
        assert problems(table) == [
            (3, "too_few_cells"),
            (4, "too_many_cells"),
            (6, "stray_quote"),
            (7, "stray_quote"),
        ]

    def test_say_what_is_wrong_to_people(self, write: Write) -> None:
        row = next(iter(files.open_table(write("a,b\n=1+1\n2,3\n"))))

        assert isinstance(row, BadRow)
        with translation.override("en"):
            assert row.message == "The row has 1 cells, the header has 2."
        assert row.excerpt == "=1+1"

    @pytest.mark.parametrize("tail", ["3", '3,"four', '3,"four\n\nand more', '"3', '3,"fo""'])
    def test_tell_a_file_that_ends_too_early(self, write: Write, tail: str) -> None:
        table = files.open_table(write("a,b\n1,2\n" + tail))

        assert cells(table) == [["1", "2"]]
        assert problems(table) == [(3, "truncated")]

    def test_are_not_truncated_if_only_the_last_line_end_is_missing(self, write: Write) -> None:
        assert cells(files.open_table(write("a,b\n1,2\n3,4"))) == [["1", "2"], ["3", "4"]]
        assert problems(files.open_table(write("a,b\n1,2\n3\n"))) == [(3, "too_few_cells")]

    def test_take_only_their_own_line_when_a_quote_is_never_closed(self, write: Write) -> None:
        rows = [f"{n},text {n}" for n in range(5_000)]
        rows[10] = '10,"text 10'
        rows[4_900] = '4900,"text 4900'
        table = files.open_table(write("\n".join(["id,text", *rows])))

        assert problems(table) == [(12, "unclosed_quote"), (4_902, "unclosed_quote")]
        assert len(cells(table)) == 4_998

    def test_do_not_swallow_rows_up_to_the_next_quote(self, write: Write) -> None:
        table = files.open_table(write('id,text\n1,"one\n2,two\n3,"three"\n4,four\n'))

        assert problems(table) == [(2, "unclosed_quote")]
        assert cells(table) == [["2", "two"], ["3", "three"], ["4", "four"]]

    def test_name_the_undecodable_byte(self, write: Write) -> None:
        content = "a,b\n한글,하나\n둘,".encode() + b"\xff\n" + "셋,넷\n".encode()
        table = files.open_table(write(content))
        bad = [row for row in table if isinstance(row, BadRow)]

        assert [(it.line, it.code, it.params["byte"]) for it in bad] == [(3, "undecodable", 5)]
        assert cells(table) == [["한글", "하나"], ["셋", "넷"]]
        assert bad[0].excerpt.encode()

    def test_are_those_with_nul_bytes(self, write: Write) -> None:
        table = files.open_table(write("a,b\n1,\0\n2,3\n"))

        assert problems(table) == [(2, "nul_byte")]
        assert cells(table) == [["2", "3"]]

    def test_are_lines_and_cells_beyond_the_limit(self, write: Write) -> None:
        long = "x" * records.MAX_CHARS
        table = files.open_table(write(f'a,b\n1,{long}\n2,"{long[:-9]}"\n3,"\n{long}"\n4,5\n'))

        assert problems(table) == [
            (2, "line_too_long"),
            (4, "unclosed_quote"),
            (5, "line_too_long"),
        ]
        assert [row[0] for row in cells(table)] == ["2", "4"]

    def test_keep_to_the_limit_whatever_tries_to_read_twice(self, write: Write) -> None:
        """Each of these lines leaves its quote open, seen from outside and from inside."""
        table = files.open_table(write("a,b,c\n" + 'a",b,"\n' * 3_000))

        codes = [code for _, code in problems(table)]
        assert codes == ["unclosed_quote"] * (3_001 - records.MAX_LINES) + ["truncated"]

    def test_cost_no_memory(self, tmp_path: Path) -> None:
        path = tmp_path / "long.csv"
        with path.open("wb") as file:
            file.write(b"a,b\n1,2\n3,")
            for _ in range(100):
                file.write(b"x" * (1 << 20))
            file.write(b"\n4,5\n")

        tracemalloc.start()
        table = files.open_table(path)
        assert problems(table) == [(3, "line_too_long")]
        assert cells(table) == [["1", "2"], ["4", "5"]]
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 32 << 20


class TestEncodings:
    KOREAN = "id,text\n1,결제가 안 돼요 ㅠㅠ\n2,알림이 두 번 와요. 똠방각하\n"
    WESTERN = "id,text\n1,don’t do “that” twice\n2,très déçu du café\n3,Ärger über Ümläute\n"

    @pytest.mark.parametrize(
        ("content", "encoding"),
        [
            (KOREAN.encode(), "utf-8"),
            (KOREAN.encode("utf-8-sig"), "utf-8"),
            (KOREAN.encode("utf-16"), "utf-16-le"),
            (b"\xfe\xff" + KOREAN.encode("utf-16-be"), "utf-16-be"),
            (KOREAN.encode("cp949"), "cp949"),
            (WESTERN.encode("cp1252"), "cp1252"),
            ("id,text\n2,déjà vu".encode("latin-1"), "cp1252"),
            ("id,text\n1,アプリがすぐに落ちます。\n".encode("shift_jis"), "cp932"),
        ],
        ids=["utf8", "bom", "utf16le", "utf16be", "cp949", "cp1252", "latin1", "japanese"],
    )
    def test_are_found_out(self, write: Write, content: bytes, encoding: str) -> None:
        table = files.open_table(write(content))

        assert table.encoding == encoding
        text = content.decode("utf-16" if encoding.startswith("utf-16") else encoding)
        first = text.removeprefix("\ufeff").splitlines()[1].split(",")
        assert table.columns == ["id", "text"]
        assert cells(table)[0] == first

    def test_are_found_out_from_the_whole_file(self, write: Write) -> None:
        late = b"id,text\n" + b"1,plain\n" * 400_000 + "2,늦은 한글\n".encode("cp949")

        assert files.open_table(write(late)).encoding == "cp949"

    def test_are_not_mistaken_because_of_one_broken_byte(self, write: Write) -> None:
        for encoding in ("utf-8", "cp949"):
            content = self.KOREAN.encode(encoding) + b"3,\xff\n"
            table = files.open_table(write(content))

            assert table.encoding == encoding
            assert problems(table) == [(4, "undecodable")]

    def test_are_taken_as_told(self, write: Write) -> None:
        path = write(self.KOREAN.encode("cp949"))

        assert len(cells(files.open_table(path, Format(encoding="euc-kr")))) == 2
        assert problems(files.open_table(path, Format(encoding="ascii")))

    @pytest.mark.parametrize("encoding", ["klingon", "hex", "rot13"])
    def test_are_refused_if_there_is_no_such(self, write: Write, encoding: str) -> None:
        with pytest.raises(TableError) as refused:
            files.open_table(write("a,b\n"), Format(encoding=encoding))

        assert refused.value.code == "unknown_encoding"

    def test_report_a_utf16_file_cut_in_the_middle_of_a_character(self, write: Write) -> None:
        content = "a,b\n1,2\n3,4".encode("utf-16")[:-1]
        table = files.open_table(write(content))

        assert problems(table) == [(3, "undecodable")]


def generate(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("id,text\n")
        file.writelines(f'{n},"알림이 두 번 와요, {n}"\n' for n in range(rows))


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        path = tmp_path / "many.csv"
        generate(path, rows)
        tracemalloc.start()
        assert sum(1 for _ in files.open_table(path)) == rows
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    few = peak(20_000)
    assert peak(100_000) < few + (6 << 20)
