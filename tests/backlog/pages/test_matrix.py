"""Where the matrix draws a request, and what it says of those it does not draw."""

from typing import Any

import pytest
from django.test import Client

from backlog.models import Product
from backlog.pages import matrix
from tests.conftest import SameQueries
from tests.factories.backlog import ProductFactory, RequestFactory

SCORES: dict[str, float] = {
    "impact": 75,
    "impact_low": 50,
    "impact_high": 100,
    "feasibility": 50,
    "feasibility_low": 25,
    "feasibility_high": 75,
}


@pytest.fixture
def product(db: None) -> Product:
    return ProductFactory.create(prefix="PAY")


class Scored:
    def __init__(self, customers: int | None = 1, **scores: Any) -> None:
        self.customers = customers
        self.__dict__.update({**SCORES, **scores})


def test_impact_is_up_and_feasibility_to_the_right() -> None:
    drawn = matrix.point(Scored(), scale=100)

    assert (drawn.x, drawn.y) == (360, 120)
    assert (drawn.left, drawn.right) == (180, 540)
    assert (drawn.top, drawn.bottom) == (0, 240)


def test_the_area_grows_with_the_customers_up_to_a_bound() -> None:
    radii = [matrix.point(Scored(n), scale=100).radius for n in (None, 0, 1, 4, 16, 10_000)]

    assert radii == [5, 5, 5, 10, 20, 20]


def test_a_score_without_bounds_has_no_whiskers() -> None:
    bare = matrix.point(Scored(impact_low=None, impact_high=None), scale=100)

    assert bare.top == bare.bottom == bare.y


def test_each_point_is_a_link_and_a_row_of_the_table(mina_pages: Client, product: Product) -> None:
    row = RequestFactory.create(product=product, **SCORES)
    RequestFactory.create(product=product, title="Not scored")

    html = mina_pages.get("/board/PAY/matrix/").content.decode()

    assert html.count(f'href="/requests/{row.key}/"') == 2
    assert "Not scored" not in html
    assert 'style="' not in html[html.index('<svg class="hb-panel') : html.index("</details>")]


def test_is_narrowed_as_the_board_and_leads_back_to_it(
    mina_pages: Client, product: Product
) -> None:
    RequestFactory.create(product=product, status="approved", **SCORES)
    RequestFactory.create(product=product, **SCORES)

    page = mina_pages.get("/board/PAY/matrix/?status=approved")

    assert [each.request.status for each in page.context["points"]] == ["approved"]
    assert b'href="/board/PAY/?status=approved"' in page.content


def test_says_that_it_shows_the_highest_ranked_alone(
    mina_pages: Client, product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matrix, "MOST_POINTS", 2)
    rows = [RequestFactory.create(product=product, **SCORES) for _ in range(3)]

    page = mina_pages.get("/board/PAY/matrix/")

    shown = [each.request.pk for each in page.context["points"]]
    assert shown == [row.pk for row in sorted(rows, key=lambda row: str(row.rank))][:2]
    assert "Shown are the 2 highest ranked" in page.content.decode()


def test_costs_the_same_for_one_point_and_for_many(
    mina_pages: Client, product: Product, queries: SameQueries
) -> None:
    RequestFactory.create(product=product, **SCORES)
    mina_pages.get("/board/PAY/matrix/")
    with queries() as few:
        mina_pages.get("/board/PAY/matrix/")
    for _ in range(12):
        RequestFactory.create(product=product, **SCORES)
    with queries() as many:
        mina_pages.get("/board/PAY/matrix/")

    assert len(many) == len(few)


def test_says_so_where_nothing_is_scored(mina_pages: Client, product: Product) -> None:
    html = mina_pages.get("/board/PAY/matrix/").content.decode()
    assert "No request here has both scores yet." in html


def test_hides_a_product_that_is_not_open_to_the_person(omar_pages: Client) -> None:
    ProductFactory.create(prefix="SEC", is_open=False)
    assert omar_pages.get("/board/SEC/matrix/").status_code == 404
