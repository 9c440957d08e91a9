import ast
import csv
import io
from pathlib import Path
from xml.dom import minidom

import pytest

from backlog.rules import formats


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(A1)",
        "﹣1",
        "−1",
        " =1",
        "\u3000＝1",
        "\u200b=1",
        "\ufeff=1",
        "\x00",
        "\n",
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_marked_as_text(text: str) -> None:
    assert formats.cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=1", "결제", "1-2", " a", "#1", "“＝”"])
def test_any_other_cell_stays_as_it_is(text: str) -> None:
    assert formats.cell(text) == text


def test_a_file_of_csv_reads_back_as_it_was_written() -> None:
    file = io.StringIO(newline="")

    formats.write_csv(file, [["a", 'say "hi"', "two\nlines"], ["=1", "", "가"]])

    assert list(csv.reader(io.StringIO(file.getvalue(), newline=""))) == [
        ["a", 'say "hi"', "two\nlines"],
        ["'=1", "", "가"],
    ]


def test_csv_is_written_in_one_place() -> None:
    root = Path(formats.__file__).parents[2]
    writers = {
        path.relative_to(root).as_posix()
        for app in ("backlog", "council")
        for path in (root / app).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("writer", "DictWriter")
    }

    assert writers == {"backlog/rules/formats.py"}


def test_what_xml_forbids_is_dropped_however_deeply_it_stands() -> None:
    odd = "".join(
        map(chr, [*range(0x250), 0x2028, 0xD7FF, 0xE000, 0xFFFD, 0xFFFE, 0xFFFF, 0x1F680])
    )

    clean = formats.xml({"title": odd, "categories": [odd], "pubdate": None})

    assert clean["pubdate"] is None
    assert clean["categories"] == [clean["title"]]
    assert "\x0b" not in clean["title"]
    assert "\t\n\r" in clean["title"]
    assert "\U0001f680" in clean["title"]
    escaped = clean["title"].replace("&", "&amp;").replace("<", "&lt;").encode()
    minidom.parseString(b"<a>" + escaped + b"</a>")
