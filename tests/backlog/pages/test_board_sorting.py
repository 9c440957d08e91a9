"""Sorting the board: the preview, the act, and undoing it."""

import pytest
from django.test import Client

from backlog.models import CustomerRequest, Product, User
from backlog.operations import ranks
from tests.backlog.operations.boards import places
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories.backlog import ProductFactory, RequestFactory

SORT = "/board/PAY/sort/"


@pytest.fixture
def board(db: None) -> list[CustomerRequest]:
    product = ProductFactory.create(prefix="PAY", reason_from_drift=90)
    return [
        RequestFactory.create(
            product=product, number=number, rank=f"a{number}", priority=10 * number, drift=0
        )
        for number in (1, 2, 3, 4)
    ]


def _version() -> int:
    return Product.objects.get().board_version


def test_shows_what_would_move_and_moves_nothing(
    mina_pages: Client, board: list[CustomerRequest]
) -> None:
    page = mina_pages.get(SORT)
    html = page.content.decode()

    assert "4 requests change their places" in html
    assert "3 places up" in html
    assert "1 place down" in html
    assert places(board) == [0, 1, 2, 3]


def test_sorts_and_offers_to_undo_it(mina_pages: Client, board: list[CustomerRequest]) -> None:
    said = {"board_version": _version(), "here": "?status=new"}
    page = mina_pages.post(SORT, said, follow=True)

    assert places(board) == [3, 2, 1, 0]
    assert "PAY-4 is now number 1." in page.content.decode()
    assert "3 others moved with it." in page.content.decode()
    assert page.redirect_chain[0][0].startswith("/board/PAY/?status=new&moved=")
    mina_pages.post(f"/board/PAY/moves/{page.context['moved']['event'].pk}/undo/")
    assert places(board) == [0, 1, 2, 3]


def test_sorts_those_chosen(mina_pages: Client, board: list[CustomerRequest]) -> None:
    shown = mina_pages.post(SORT, {"chosen": ["1", "2"]}).content.decode()
    assert "Only those chosen are sorted among themselves." in shown
    assert shown.count('name="chosen"') == 2

    mina_pages.post(SORT, {"chosen": ["1", "2"], "board_version": _version()})

    assert places(board) == [1, 0, 2, 3]


def test_names_what_stays_and_who_said_why(
    mina_pages: Client, board: list[CustomerRequest], mina: User
) -> None:
    ranks.move_to_top(request_id=board[1].pk, reason="The law wants it.", by=mina, at=NOON)

    html = mina_pages.get(SORT).content.decode()
    too = mina_pages.get(f"{SORT}?pinned=too").content.decode()

    assert "The law wants it." in html
    assert "Sort these, too" in html
    assert "The law wants it." not in too
    assert 'name="pinned" value="too"' in too


def test_shows_it_again_where_the_board_changed_meanwhile(
    mina_pages: Client, board: list[CustomerRequest]
) -> None:
    version = _version()
    ranks.move_to_top(request_id=board[2].pk, by=None, at=NOON)

    page = mina_pages.post(SORT, {"board_version": version})

    assert page.status_code == 422
    assert "The board has changed meanwhile" in page.content.decode()
    assert f'name="board_version" value="{_version()}"' in page.content.decode()
    assert places(board) == [2, 0, 1, 3]


def test_asks_why(mina_pages: Client, board: list[CustomerRequest]) -> None:
    Product.objects.update(reason_from_drift=1)

    page = mina_pages.get(SORT).content.decode()
    refused = mina_pages.post(SORT, {"board_version": _version()})
    mina_pages.post(SORT, {"board_version": _version(), "reason": "The law."})

    assert "asks why" in page
    assert refused.status_code == 422
    assert places(board) == [3, 2, 1, 0]


def test_says_that_there_is_nothing_to_sort(
    mina_pages: Client, board: list[CustomerRequest]
) -> None:
    mina_pages.post(SORT, {"board_version": _version()})

    assert "The board is in this order already." in mina_pages.get(SORT).content.decode()
    assert mina_pages.get(f"{SORT}?chosen=99", follow=True).redirect_chain


def test_costs_the_same_for_four_and_for_many(
    mina_pages: Client, board: list[CustomerRequest], queries: SameQueries
) -> None:
    mina_pages.get(SORT)
    with queries() as few:
        mina_pages.get(SORT)
    for number in range(20):
        RequestFactory.create(product=board[0].product, number=50 + number, priority=number)
    with queries() as many:
        mina_pages.get(SORT)
    assert len(few) == len(many)
