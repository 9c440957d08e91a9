"""What holds for every file, whoever wrote it."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backlog.intake import files
from backlog.intake.files import Row
from backlog.intake.problems import TableError

CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
# Of the same file, hypothesis makes many; that they share a folder does no harm.
anything = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


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

    table = list(files.open_table(path, delimiter=delimiter))

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
