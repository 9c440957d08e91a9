"""The board: what it shows, what it costs, and moving requests on it."""

import pytest
from django.test import Client

from backlog.models import CustomerRequest, Event, Product
from backlog.operations import ranks, requests
from backlog.rules import rank_keys
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories.backlog import (
    AccountFactory,
    CustomerFactory,
    EvidenceFactory,
    FeedbackFactory,
    ProductFactory,
    RequestFactory,
)
from tests.factories.people import UserFactory

HTMX = {"HX-Request": "true"}


@pytest.fixture
def product(db: None) -> Product:
    return ProductFactory.create(prefix="PAY")


@pytest.fixture
def board(product: Product) -> list[CustomerRequest]:
    """Three requests in rank order: PAY-1, PAY-2, PAY-3."""
    return _fill(product, 3)


def _fill(product: Product, count: int, first: int = 1) -> list[CustomerRequest]:
    keys = rank_keys.keys_between(None, None, first + count)[first:]
    return [
        RequestFactory.create(product=product, number=number, rank=rank, owner=UserFactory.create())
        for number, rank in enumerate(keys, start=first)
    ]


def _order(product: Product) -> list[int]:
    return list(product.requests.order_by("rank").values_list("number", flat=True))


class TestFirstBoard:
    def test_leads_to_the_first_product(self, mina_pages: Client, product: Product) -> None:
        ProductFactory.create(prefix="ZED")

        assert mina_pages.get("/board/").headers["Location"] == "/board/PAY/"

    def test_says_what_to_do_where_there_is_no_product(self, mina_pages: Client) -> None:
        assert "There is no product yet." in mina_pages.get("/board/").content.decode()


class TestBoard:
    def test_shows_the_requests_in_rank_order(
        self, mina_pages: Client, product: Product, board: list[CustomerRequest], mina: object
    ) -> None:
        ranks.move_to_top(request_id=board[2].pk, by=None, at=NOON)

        rows = mina_pages.get("/board/PAY/").context["rows"]

        assert [row.key for row in rows] == ["PAY-3", "PAY-1", "PAY-2"]

    def test_counts_customers_and_accounts_once(
        self, mina_pages: Client, board: list[CustomerRequest]
    ) -> None:
        account = AccountFactory.create(annual_revenue=1_000)
        kim = CustomerFactory.create(account=account)
        same_kim = CustomerFactory.create(account=account, merged_into=kim)
        for customer in (kim, kim, same_kim, CustomerFactory.create(account=account), None):
            feedback = FeedbackFactory.create(customer=customer)
            EvidenceFactory.create(request=board[0], feedback=feedback)
        unlinked = FeedbackFactory.create(customer=CustomerFactory.create())
        EvidenceFactory.create(request=board[0], feedback=unlinked, unlinked_at=NOON)

        row = mina_pages.get("/board/PAY/").context["rows"][0]

        assert (row.customers, row.accounts) == (2, 1)
        assert (row.revenue, row.currency, row.currencies) == (1_000, "KRW", 1)

    def test_tells_where_rank_and_priority_drift_apart(
        self, mina_pages: Client, product: Product
    ) -> None:
        RequestFactory.create(product=product, priority=80, drift=22.4)
        RequestFactory.create(product=product, priority=20, drift=-31)

        page = mina_pages.get("/board/PAY/").content.decode()

        assert "ranked low by 22" in page
        assert "ranked high by 31" in page

    def test_leaves_out_what_is_done(self, mina_pages: Client, product: Product) -> None:
        RequestFactory.create(product=product, status="delivered")

        assert mina_pages.get("/board/PAY/").context["rows"] == []

    def test_narrows_by_words_status_and_owner(self, mina_pages: Client, product: Product) -> None:
        noor = UserFactory.create()
        wanted = RequestFactory.create(
            product=product, title="Faster", status="approved", owner=noor
        )
        RequestFactory.create(product=product, title="Faster too")

        for query in ("q=FASTER&status=approved", f"owner={noor.pk}", f"q=faster&owner={noor.pk}"):
            rows = mina_pages.get(f"/board/PAY/?{query}").context["rows"]
            assert [row.pk for row in rows] == [wanted.pk], query

    def test_offers_the_whole_board_where_nothing_matches(
        self, mina_pages: Client, board: list[CustomerRequest]
    ) -> None:
        page = mina_pages.get("/board/PAY/?q=unheard-of").content.decode()

        assert "Nothing on this board matches." in page

    def test_says_what_to_do_when_it_is_empty(self, mina_pages: Client, product: Product) -> None:
        assert "This backlog is empty." in mina_pages.get("/board/PAY/").content.decode()

    def test_answers_htmx_with_the_list_alone(
        self, mina_pages: Client, board: list[CustomerRequest]
    ) -> None:
        fragment = mina_pages.get("/board/PAY/", headers=HTMX)

        assert fragment.content.lstrip().startswith(b'<form id="board"')
        assert "HX-Request" in fragment.headers["Vary"]

    def test_answers_a_restored_history_with_the_whole_page(
        self, mina_pages: Client, board: list[CustomerRequest]
    ) -> None:
        headers = {**HTMX, "HX-History-Restore-Request": "true"}

        assert b"<html" in mina_pages.get("/board/PAY/", headers=headers).content

    def test_hides_a_product_that_is_not_open_to_the_person(
        self, omar_pages: Client, mina_pages: Client
    ) -> None:
        ProductFactory.create(prefix="SEC", is_open=False)

        assert omar_pages.get("/board/SEC/").status_code == 404

    def test_asks_strangers_to_sign_in(self, client: Client, product: Product) -> None:
        assert client.get("/board/PAY/").headers["Location"].startswith("/admin/login/")

    @pytest.mark.parametrize("query", ["after=x", "before=0", "after=99999999999", "moved=1"])
    def test_survives_a_nonsense_address(
        self, mina_pages: Client, board: list[CustomerRequest], query: str
    ) -> None:
        assert mina_pages.get(f"/board/PAY/?{query}").status_code == 200


class TestLoudVoices:
    def test_that_drown_the_others_are_said_in_the_row(
        self, mina_pages: Client, product: Product
    ) -> None:
        (loud, quiet) = (RequestFactory.create(product=product) for _ in range(2))
        one = AccountFactory.create()
        for account in (one, one, None):
            EvidenceFactory.create(
                request=loud,
                feedback__product=product,
                feedback__account=account,
                feedback__customer__account=account,
            )

        rows = {row.pk: row for row in mina_pages.get("/board/PAY/").context["rows"]}

        assert [each.text for each in rows[loud.pk].warnings] == ["One account is 67 % of this."]
        assert rows[quiet.pk].warnings == []


class TestPaging:
    def test_goes_down_and_up_again_without_losing_or_repeating_anyone(
        self, mina_pages: Client, product: Product
    ) -> None:
        _fill(product, 120)
        seen: list[int] = []
        query: str | None = ""
        for _page in range(3):
            response = mina_pages.get(f"/board/PAY/{query}")
            seen += [row.number for row in response.context["rows"]]
            query = response.context["after"]
        assert seen == list(range(1, 121))
        assert query is None

        second = mina_pages.get("/board/PAY/" + response.context["before"])
        assert [row.number for row in second.context["rows"]] == list(range(51, 101))
        first = mina_pages.get("/board/PAY/" + second.context["before"])
        assert [row.number for row in first.context["rows"]] == list(range(1, 51))
        assert first.context["before"] is None

    def test_numbers_the_places_through(self, mina_pages: Client, product: Product) -> None:
        _fill(product, 60)

        assert mina_pages.get("/board/PAY/").context["first_place"] == 1
        assert mina_pages.get("/board/PAY/?after=50").context["first_place"] == 51

    def test_costs_the_same_for_ten_requests_and_for_many(
        self, mina_pages: Client, product: Product, queries: SameQueries
    ) -> None:
        _fill(product, 10)
        mina_pages.get("/board/PAY/")
        with queries() as few:
            mina_pages.get("/board/PAY/")

        _fill_at_once(product, 10_000)
        with queries() as many:
            response = mina_pages.get("/board/PAY/")

        assert len(response.context["rows"]) == 50
        assert len(many) == len(few)


def _fill_at_once(product: Product, count: int) -> None:
    """Many rows below those that are there; with evidence on the first few."""
    keys, owner = rank_keys.keys_between("b00", None, count), UserFactory.create()
    rows = CustomerRequest.objects.bulk_create(
        RequestFactory.build(product=product, number=1_000 + place, rank=rank, owner=owner)
        for place, rank in enumerate(keys)
    )
    for row in rows[:5]:
        EvidenceFactory.create(request=row)


class TestMove:
    @pytest.mark.parametrize(
        ("number", "direction", "order"),
        [(2, "up", [2, 1, 3]), (2, "down", [1, 3, 2]), (3, "top", [3, 1, 2])],
    )
    def test_moves_and_returns_to_the_board(
        self,
        mina_pages: Client,
        product: Product,
        board: list[CustomerRequest],
        number: int,
        direction: str,
        order: list[int],
    ) -> None:
        response = mina_pages.post(f"/board/PAY/PAY-{number}/{direction}/?status=new")

        assert _order(product) == order
        moved = Event.objects.get(kind="request.moved")
        assert response.headers["Location"] == f"/board/PAY/?status=new&moved={moved.pk}"

    def test_offers_to_undo_the_move(
        self, mina_pages: Client, product: Product, board: list[CustomerRequest]
    ) -> None:
        page = mina_pages.post("/board/PAY/PAY-3/top/", follow=True)
        event = page.context["moved"]["event"]

        mina_pages.post(f"/board/PAY/moves/{event.pk}/undo/")

        assert page.context["moved"]["place"] == 1
        assert _order(product) == [1, 2, 3]

    def test_puts_the_first_back_to_the_top(
        self, mina_pages: Client, product: Product, board: list[CustomerRequest]
    ) -> None:
        page = mina_pages.post("/board/PAY/PAY-1/down/", follow=True)

        mina_pages.post(f"/board/PAY/moves/{page.context['moved']['event'].pk}/undo/")

        assert _order(product) == [1, 2, 3]

    def test_undoes_only_ones_own_moves(
        self, mina_pages: Client, product: Product, board: list[CustomerRequest]
    ) -> None:
        ranks.move_to_top(request_id=board[2].pk, by=None, at=NOON)
        event = Event.objects.get(kind="request.moved")

        assert mina_pages.post(f"/board/PAY/moves/{event.pk}/undo/").status_code == 404
        assert mina_pages.get(f"/board/PAY/?moved={event.pk}").context["moved"] is None
        assert _order(product) == [3, 1, 2]

    def test_says_when_there_is_nowhere_to_go(
        self, mina_pages: Client, board: list[CustomerRequest]
    ) -> None:
        page = mina_pages.post("/board/PAY/PAY-1/up/", follow=True, headers=HTMX)

        assert "PAY-1 is the first already." in page.content.decode()
        assert not Event.objects.exists()

    def test_tells_what_the_rules_refused(self, mina_pages: Client, product: Product) -> None:
        survivor = RequestFactory.create(product=product)
        merged = RequestFactory.create(
            product=product, number=9_999, status="merged", merged_into=survivor, rank=None
        )

        page = mina_pages.post(f"/board/PAY/{merged.key}/top/", follow=True)

        assert page.status_code == 200
        assert [message.level_tag for message in page.context["messages"]] == ["warning"]

    def test_refuses_who_may_only_look(
        self, omar_pages: Client, product: Product, board: list[CustomerRequest]
    ) -> None:
        assert omar_pages.post("/board/PAY/PAY-3/top/").status_code == 403
        assert b"formaction" not in omar_pages.get("/board/PAY/").content
        assert _order(product) == [1, 2, 3]

    def test_never_moves_on_a_get(
        self, mina_pages: Client, product: Product, board: list[CustomerRequest]
    ) -> None:
        assert mina_pages.get("/board/PAY/PAY-3/top/").status_code == 405
        assert _order(product) == [1, 2, 3]

    @pytest.mark.parametrize("path", ["PAY-3/sideways", "PAY-99/up", "APP-1/up"])
    def test_knows_no_other_way(
        self, mina_pages: Client, board: list[CustomerRequest], path: str
    ) -> None:
        assert mina_pages.post(f"/board/PAY/{path}/").status_code == 404


class TestNow:
    """What others do shows within seconds, and costs next to nothing while nothing is done."""

    def test_is_not_sent_again_while_nothing_changes(
        self, mina_pages: Client, board: list[CustomerRequest], queries: SameQueries
    ) -> None:
        tag = mina_pages.get("/board/PAY/").context["tag"]
        assert mina_pages.get("/board/PAY/now/").headers["ETag"] == tag

        with queries() as made:
            again = mina_pages.get("/board/PAY/now/?status=new", headers={"If-None-Match": tag})

        assert (again.status_code, again.content) == (304, b"")
        signing_in = ("django_session", "backlog_user", "auth_")
        beyond = [sql for each in made if not _is_from(sql := each["sql"], signing_in)]
        assert len(beyond) == 1, beyond

    @pytest.mark.parametrize("what", ["moved", "edited", "opened"])
    def test_is_sent_once_somebody_did_something(
        self, mina_pages: Client, board: list[CustomerRequest], what: str
    ) -> None:
        tag = mina_pages.get("/board/PAY/").context["tag"]
        Product.objects.update(next_number=99)
        if what == "moved":
            ranks.move_to_top(request_id=board[2].pk, by=None, at=NOON)
        elif what == "edited":
            requests.edit_request(request_id=board[2].pk, title="Anew", by=None, at=NOON)
        else:
            product = board[0].product_id
            requests.open_request(product_id=product, title="New", problem="P", by=None, at=NOON)

        now = mina_pages.get("/board/PAY/now/", headers={"If-None-Match": tag})

        assert now.status_code == 200
        assert now.content.lstrip().startswith(b'<form id="board"')

    def test_hides_a_product_that_is_not_open_to_the_person(self, omar_pages: Client) -> None:
        ProductFactory.create(prefix="SEC", is_open=False)
        assert omar_pages.get("/board/SEC/now/").status_code == 404


def _is_from(sql: str, tables: tuple[str, ...]) -> bool:
    return sql.partition(" FROM ")[2].lstrip('"(').startswith(tables)


class TestFurtherFilters:
    def test_are_fields_for_the_bar_or_a_page_of_their_own(
        self, mina_pages: Client, board: list[CustomerRequest]
    ) -> None:
        address = "/board/PAY/filters/?q=pay&silence=30&columns=owner"

        fields = mina_pages.get(address, headers=HTMX).content.decode()
        page = mina_pages.get(address).content.decode()

        for html in (fields, page):
            assert 'name="silence" value="30"' in html
            assert 'name="columns" value="owner" checked' in html
        assert "<html" not in fields
        assert '<input type="hidden" name="q" value="pay">' in page

    def test_are_carried_on_by_the_bar_and_counted(
        self, mina_pages: Client, board: list[CustomerRequest]
    ) -> None:
        page = mina_pages.get("/board/PAY/?silence=30&columns=owner")

        assert page.context["carried"] == [("silence", "30"), ("columns", "owner")]
        assert page.context["narrowed_by"] == 1
        assert "silence=30" in page.context["here"]

    def test_by_account_are_named_and_only_for_who_may_see_it(
        self, mina_pages: Client, omar_pages: Client, board: list[CustomerRequest]
    ) -> None:
        account = AccountFactory.create(name="Acme")
        address = f"/board/PAY/filters/?account={account.pk}"

        assert "Acme" in mina_pages.get(address).content.decode()
        assert "Acme" not in omar_pages.get(address).content.decode()
