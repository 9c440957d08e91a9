"""Boards to move things on, and the order they are in."""

from typing import Any

from backlog.models import CustomerRequest, Product
from backlog.rules import rank_keys
from tests.factories.backlog import ProductFactory, RequestFactory

Board = list[CustomerRequest]


def make_board(size: int, **facts: Any) -> Board:
    product = ProductFactory.create()
    keys = rank_keys.keys_between(None, None, size)
    return [RequestFactory.create(product=product, rank=key, **facts) for key in keys]


def order(product: Product) -> list[int]:
    rows = CustomerRequest.objects.filter(product=product, rank__isnull=False)
    return list(rows.order_by("rank").values_list("pk", flat=True))


def places(board: Board) -> list[int]:
    """Where each request of the board is now, by where it was."""
    then = [row.pk for row in board]
    return [then.index(pk) for pk in order(board[0].product)]
