"""Moving several requests on the board, to a number, beside another, and with a reason."""

import pytest
from django.test import Client

from backlog.models import CustomerRequest, Event, Product, User
from backlog.operations import ranks
from tests.backlog.operations.boards import make_board, places
from tests.factories import NOON
from tests.factories.backlog import ProductFactory, RequestFactory

HTMX = {"HX-Request": "true"}


@pytest.fixture
def board(db: None) -> list[CustomerRequest]:
    """PAY-1 to PAY-12 in rank order, each ten points below the one above it."""
    product = ProductFactory.create(prefix="PAY")
    return [
        RequestFactory.create(
            product=product, number=number, rank=f"a{number:x}", priority=100 - 10 * number, drift=0
        )
        for number in range(1, 13)
    ]


class TestPlace:
    @pytest.mark.parametrize(
        ("said", "order"),
        [
            ({"place": "2"}, [0, 4, 5, 1, 2, 3]),
            ({"after": "1"}, [0, 4, 5, 1, 2, 3]),
            ({"before": "1"}, [4, 5, 0, 1, 2, 3]),
        ],
    )
    def test_moves_those_chosen_and_keeps_the_filters(
        self,
        mina_pages: Client,
        board: list[CustomerRequest],
        said: dict[str, str],
        order: list[int],
    ) -> None:
        Product.objects.update(reason_from_drift=100)

        response = mina_pages.post(
            "/board/PAY/place/?status=new", {"chosen": ["5", "6"], "place": "", **said}
        )

        first = Event.objects.get(kind="request.moved", request=board[4])
        assert response.headers["Location"] == f"/board/PAY/?status=new&moved={first.pk}"
        assert places(board)[:6] == order
        page = mina_pages.get(response.headers["Location"]).content.decode()
        assert "1 other moved with it." in page

    def test_is_undone_as_one(self, mina_pages: Client, board: list[CustomerRequest]) -> None:
        Product.objects.update(reason_from_drift=100)
        page = mina_pages.post(
            "/board/PAY/place/", {"chosen": ["5", "9", "2"], "place": "7"}, follow=True
        )

        mina_pages.post(f"/board/PAY/moves/{page.context['moved']['event'].pk}/undo/")

        assert places(board) == list(range(12))

    @pytest.mark.parametrize(
        ("said", "why"),
        [
            ({"chosen": ["5"]}, "Say to which number: 1 is the top."),
            ({"chosen": ["5"], "place": "up"}, "Say to which number: 1 is the top."),
            ({"chosen": ["5"], "place": "0"}, "Places are counted from 1."),
            ({"place": "2"}, "Choose what is to be moved."),
            ({"chosen": ["5"], "after": "5"}, "A request cannot be put beside itself."),
            ({"chosen": ["5"], "after": "99"}, "PAY-99 is no request of this product."),
            ({"chosen": ["5", "99"], "place": "2"}, "One of those chosen is not of this product."),
            ({"chosen": [*map(str, range(900))], "place": "1"}, "At most 50 requests"),
        ],
    )
    def test_says_what_is_wrong_and_moves_nothing(
        self,
        mina_pages: Client,
        board: list[CustomerRequest],
        said: dict[str, list[str] | str],
        why: str,
    ) -> None:
        page = mina_pages.post("/board/PAY/place/", said, follow=True)

        said_first = next(iter(page.context["messages"]))
        assert str(said_first).startswith(why)
        assert places(board) == list(range(12))

    def test_refuses_who_may_only_look(
        self, omar_pages: Client, board: list[CustomerRequest]
    ) -> None:
        said = {"chosen": ["5"], "place": "1"}
        assert omar_pages.post("/board/PAY/place/", said).status_code == 403
        assert b"chosen" not in omar_pages.get("/board/PAY/", headers=HTMX).content


class TestReason:
    @pytest.mark.parametrize(
        ("address", "said"),
        [
            ("/board/PAY/place/", {"chosen": ["11"], "place": "1"}),
            ("/board/PAY/place/", {"chosen": ["11"], "before": "1"}),
            ("/board/PAY/PAY-11/top/", {}),
        ],
    )
    def test_is_asked_for_and_then_on_record(
        self, mina_pages: Client, board: list[CustomerRequest], address: str, said: dict[str, str]
    ) -> None:
        page = mina_pages.post(address, said, follow=True)
        html = page.content.decode()

        assert "Why is PAY-11 moved so far from what its score says?" in html
        assert f'formaction="{address.removeprefix("/board/PAY/")}"' in html
        assert places(board) == list(range(12))
        mina_pages.post(address, {**said, "reason": "The law."})
        assert places(board)[0] == 10
        assert Event.objects.get(kind="request.moved").reason == "The law."

    @pytest.mark.parametrize("asks", ["", "up", "top::", "after:x:1", "sideways::1", "up::99"])
    def test_of_a_nonsense_address_nothing_is_asked(
        self, mina_pages: Client, board: list[CustomerRequest], asks: str
    ) -> None:
        page = mina_pages.get("/board/PAY/", {"asks": asks})
        assert (page.status_code, page.context["asking"]) == (200, None)


def test_with_a_reason_is_listed_with_who_why_and_what_became(
    mina_pages: Client, mina: User
) -> None:
    board = make_board(12, drift=0, priority=90)
    board[11].priority = 20
    board[11].save()
    ranks.move_to_top(request_id=board[11].pk, reason="The law.", by=mina, at=NOON)

    html = mina_pages.get("/board/overrides/").content.decode()

    for words in (board[11].key, "The law.", "Mina", "then ranked high by 70", "stands there"):
        assert words in html, words
