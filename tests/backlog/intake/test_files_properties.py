"""What holds for every file, whoever wrote it."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backlog.errors import TableError
from backlog.intake import alphabets, files
from backlog.intake.files import Format, Row

CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
# Of the same file, hypothesis makes many; that they share a folder does no harm.
anything = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@anything
@given(rows=st.lists(st.tuples(CELL, CELL, CELL), max_size=8), delimiter=st.sampled_from(",;\t|"))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_was_written_is_read(
    tmp_path: Path, rows: list[tuple[str, str, str]], delimiter: str, encoding: str
) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([("one", "two", "three"), *rows])
    path = tmp_path / "table.csv"
    path.write_bytes(text.getvalue().encode(encoding))

    try:
        table = list(files.open_table(path, Format(delimiter=delimiter)))
    except TableError as asked:  # As it may where there is no more than a letter or two.
        if (asked.code, encoding) != ("unclear_encoding", "utf-8"):
            raise
        table = list(files.open_table(path, Format(delimiter=delimiter, encoding="utf-8")))

    assert [tuple(row.cells.values()) for row in table if isinstance(row, Row)] == rows
    assert len(table) == len(rows)


@anything
@given(content=st.binary(max_size=200), tail=st.sampled_from([b"", b'"', b"\n1,2", b"\\", b"\0"]))
def test_whatever_the_bytes_reading_ends_and_every_line_is_in_order(
    tmp_path: Path, content: bytes, tail: bytes
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"a,b\n" + content + tail)
    try:
        table = list(files.open_table(path))
    except TableError:
        return

    lines = [row.line for row in table]
    assert lines == sorted(set(lines))
    assert all(set(row.cells) == {"a", "b"} for row in table if isinstance(row, Row))


HANGUL = st.text(st.sampled_from(sorted(alphabets.KS_X_1001)), min_size=1, max_size=8)
# A syllable that only CP949 has stands among those that everybody uses.
RARE = st.builds(
    lambda around, rare: around[0] + rare + around[1:],
    st.text(st.sampled_from(sorted(alphabets.KS_X_1001)), min_size=2, max_size=5),
    st.sampled_from(sorted(alphabets.HANGUL - alphabets.KS_X_1001)),
)
PLAIN = st.text(st.sampled_from("abcdefgXYZ0123456789.!?"), min_size=1, max_size=8)
KOREAN = st.lists(st.one_of(HANGUL, HANGUL, RARE, PLAIN), min_size=1, max_size=10).map(" ".join)


@anything
@given(rows=st.lists(KOREAN, min_size=1, max_size=5))
@pytest.mark.parametrize("encoding", ["cp949", "utf-16-le", "utf-16-be", "utf-8"])
def test_korean_is_read_as_itself_or_asked_about(
    tmp_path: Path, rows: list[str], encoding: str
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes("\n".join(["text", *rows, ""]).encode(encoding))
    try:
        table = list(files.open_table(path))
    except TableError as asked:
        if asked.code != "unclear_encoding" or encoding not in asked.details["choices"]:
            raise
        return

    assert [row.cells["text"] for row in table if isinstance(row, Row)] == rows
