import io
import zipfile
from pathlib import Path

import pytest

from backlog.rules import workbooks


def _sheet(path: Path) -> str:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "https://x.example", "{=1}"])
def test_no_text_is_a_formula_or_a_link(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.xlsx"

    workbooks.write(path, title="x", heads=["a"], rows=[[text]])

    sheet = _sheet(path)
    assert text in sheet
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


@pytest.mark.parametrize("text", ["x\x00\x08y", "x" * 40_000])
def test_what_no_workbook_holds_is_left_out(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.xlsx"

    workbooks.write(path, title="x", heads=["a"], rows=[[text]])

    assert "\x00" not in _sheet(path)
    assert _sheet(path).count("x" * 32_768) == 0


@pytest.mark.parametrize("title", ["", "a/b:c*[d]?" + "x" * 50, "'quoted'", "시트"])
def test_any_title_names_a_sheet(tmp_path: Path, title: str) -> None:
    path = tmp_path / "x.xlsx"

    workbooks.write(path, title=title, heads=["a"], rows=[])

    assert path.stat().st_size > 1_000
