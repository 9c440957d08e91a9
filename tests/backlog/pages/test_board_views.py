"""Views of a board: kept, shared, shown first, and what became of filters that are gone."""

import pytest
from django.test import Client

from backlog.models import Event, Product, User, View
from backlog.operations import views
from tests.backlog.pages.conftest import signed_in
from tests.factories import NOON
from tests.factories.backlog import ProductFactory, RequestFactory

SAVE = "/board/PAY/views/"


@pytest.fixture
def product(db: None) -> Product:
    product = ProductFactory.create(prefix="PAY")
    RequestFactory.create(product=product, number=1, rank="a1")
    RequestFactory.create(product=product, number=2, rank="a2", status="approved")
    return product


def _keep(product: Product, by: User, name: str = "Fresh", **facts: bool) -> View:
    return views.save_view(
        listing=views.BOARD,
        product=product,
        name=name,
        wanted={"columns": ["owner"], "status": ["new"]},
        by=by,
        at=NOON,
        **facts,
    )


def _keys(browser: Client, address: str) -> list[str]:
    return [row.key for row in browser.get(address, follow=True).context["rows"]]


class TestKeeping:
    def test_keeps_filters_and_columns(self, mina_pages: Client, product: Product) -> None:
        said = {"name": "Fresh", "here": "?status=new&columns=owner&columns=opened&after=9"}

        page = mina_pages.post(SAVE, said, follow=True)

        [view] = page.context["views"]
        assert View.objects.get().wanted == {"columns": ["owner", "opened"], "status": ["new"]}
        assert (view.name, view.is_current, page.context["can_keep"]) == ("Fresh", True, False)
        assert [row.key for row in page.context["rows"]] == ["PAY-1"]
        assert [each.name for each in page.context["columns"]] == ["owner", "opened"]

    def test_is_ones_own_until_it_is_shared(
        self, mina_pages: Client, product: Product, mina: User, omar: User
    ) -> None:
        _keep(product, mina)
        others = signed_in(omar)
        assert others.get("/board/PAY/").context["views"] == []

        _keep(product, mina, is_shared=True)

        [view] = others.get("/board/PAY/").context["views"]
        assert (view.name, view.by) == ("Fresh", "Mina")
        assert others.post(f"/views/{view.pk}/delete/").status_code == 404
        assert View.objects.count() == 1

    def test_is_shared_by_who_may_edit(self, omar: User, product: Product) -> None:
        said = {"name": "Fresh", "here": "?status=new", "is_shared": "on"}

        assert signed_in(omar).post(SAVE, said).status_code == 403
        assert not View.objects.exists()

    def test_of_a_closed_product_is_seen_by_nobody_else(
        self, omar: User, mina: User, product: Product
    ) -> None:
        _keep(product, mina, is_shared=True)
        Product.objects.update(is_open=False)

        assert not View.objects.visible_to(omar).exists()

    def test_is_forgotten(self, mina_pages: Client, product: Product, mina: User) -> None:
        view = _keep(product, mina)

        page = mina_pages.post(f"/views/{view.pk}/delete/", follow=True)

        assert page.redirect_chain[0][0].startswith("/board/PAY/?")
        assert not View.objects.exists()

    @pytest.mark.parametrize("name", ["", "x" * 61])
    def test_has_a_name(self, mina_pages: Client, product: Product, name: str) -> None:
        page = mina_pages.post(SAVE, {"name": name, "here": "?status=new"}, follow=True)

        assert page.status_code == 200
        assert not View.objects.exists()


class TestShownFirst:
    def test_is_what_the_board_shows_whom_asks_for_nothing(
        self, product: Product, mina: User, omar: User
    ) -> None:
        _keep(product, mina, is_default=True)
        browser = signed_in(omar)

        assert browser.get("/board/PAY/").headers["Location"] == (
            "/board/PAY/?columns=owner&status=new"
        )
        assert _keys(browser, "/board/PAY/") == ["PAY-1"]
        assert _keys(browser, "/board/PAY/?view=all") == ["PAY-1", "PAY-2"]
        assert browser.get("/board/PAY/?view=all").context["here"] == "?view=all"

    def test_takes_the_place_of_the_one_before_and_is_on_record(
        self, product: Product, mina: User, omar: User
    ) -> None:
        _keep(product, mina, is_default=True)
        _keep(product, mina, "Other", is_default=True)

        assert [each.name for each in View.objects.filter(is_default=True)] == ["Other"]
        told = Event.objects.filter(kind="product.edited")
        assert [each.data for each in told] == [{"changed": ["default_view"]}] * 2


class TestGone:
    def test_filters_and_columns_are_named_and_the_rest_holds(
        self, mina_pages: Client, product: Product
    ) -> None:
        page = mina_pages.get("/board/PAY/?mood=bad&status=new&columns=owner&columns=weather")

        assert page.context["unusable"].keys() == {"mood", "columns"}
        assert "weather" in page.content.decode()
        assert [row.key for row in page.context["rows"]] == ["PAY-1"]
        assert [each.name for each in page.context["columns"]] == ["owner"]

    def test_values_are_named_and_the_rest_holds(
        self, mina_pages: Client, product: Product
    ) -> None:
        page = mina_pages.get("/board/PAY/?status=gone&q=pay")

        assert page.context["unusable"].keys() == {"status"}
        assert len(page.context["rows"]) == 2
