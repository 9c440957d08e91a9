"""The board as CSV and as a workbook."""

import csv
import io
import zipfile
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from backlog.models import CustomerRequest, Product, User
from backlog.pages import board_files
from tests.conftest import SameQueries
from tests.factories.backlog import ProductFactory, RequestFactory

CSV, XLSX = "/board/PAY/board.csv", "/board/PAY/board.xlsx"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def board(mina: User) -> list[CustomerRequest]:
    product = ProductFactory.create(prefix="PAY", name="Pay: [all]")
    return [
        RequestFactory.create(
            product=product,
            number=number,
            rank=f"a{number}",
            title=title,
            owner=mina,
            priority=10.5 * number,
            review_on=date(2026, 6, number),
        )
        for number, title in ((1, "=1+1"), (2, "느린 결제"))
    ]


def _lines(browser: Client, query: str = "") -> list[list[str]]:
    answer = browser.get(CSV + query)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.getvalue().decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def _sheet(browser: Client, query: str = "") -> tuple[list[list[tuple[str, str]]], bytes]:
    """The type and the value of each cell, and the file."""
    content = browser.get(XLSX + query).getvalue()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
    return [
        [(cell.get("t", "n"), "".join(cell.itertext())) for cell in row.iter(f"{SHEET}c")]
        for row in sheet.iter(f"{SHEET}row")
    ], content


class TestCsv:
    def test_has_the_columns_and_rows_that_are_shown(
        self, mina_pages: Client, board: list[CustomerRequest]
    ) -> None:
        heads, *rows = _lines(mina_pages, "?columns=owner&columns=review_on")

        assert heads == ["Place", "Key", "Title", "Status", "Drift", "Owner", "Review on"]
        assert rows == [
            ["1", "PAY-1", "'=1+1", "new", "", "Mina", "2026-06-01"],
            ["2", "PAY-2", "느린 결제", "new", "", "Mina", "2026-06-02"],
        ]

    def test_is_narrowed_as_the_board_is(
        self, mina_pages: Client, board: list[CustomerRequest]
    ) -> None:
        _heads, row = _lines(mina_pages, "?q=결제&columns=owner")

        assert row[:2] == ["", "PAY-2"]

    def test_of_too_many_rows_is_refused_in_words(
        self,
        mina_pages: Client,
        board: list[CustomerRequest],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(board_files, "EXPORTED", 1)

        page = mina_pages.get(CSV, follow=True)

        assert "A file takes at most 1 row." in page.content.decode()

    def test_costs_the_same_for_two_and_for_many(
        self, mina_pages: Client, board: list[CustomerRequest], queries: SameQueries
    ) -> None:
        with queries() as few:
            _lines(mina_pages)
        for number in range(10, 40):
            RequestFactory.create(product=board[0].product, number=number)
        with queries() as many:
            assert len(_lines(mina_pages)) == 33
        assert len(few) == len(many)


class TestWorkbook:
    def test_has_numbers_as_numbers_and_every_text_as_a_text(
        self, mina_pages: Client, board: list[CustomerRequest]
    ) -> None:
        rows, content = _sheet(mina_pages, "?columns=priority&columns=review_on")

        assert rows[1][:4] == [
            ("n", "1"),
            ("inlineStr", "PAY-1"),
            ("inlineStr", "=1+1"),
            ("inlineStr", "new"),
        ]
        assert ("n", "10.5") in rows[1]
        assert ("n", "46174") in rows[1]  # The first of June 2026, as workbooks count days.
        assert b"<f>" not in content

    def test_of_an_empty_board_has_its_heads(self, mina_pages: Client, db: None) -> None:
        ProductFactory.create(prefix="PAY")

        rows, _content = _sheet(mina_pages)

        assert len(rows) == 1

    def test_hides_a_product_that_is_not_open_to_the_person(
        self, omar_pages: Client, board: list[CustomerRequest]
    ) -> None:
        Product.objects.update(is_open=False)

        assert omar_pages.get(XLSX).status_code == 404
        assert omar_pages.get(CSV).status_code == 404
