"""What the ten main pages weigh with fifty rows, in bytes as they are before compression."""

from datetime import timedelta

import pytest
from django.test import Client

from backlog.models import CustomerRequest, User
from tests.factories import NOON, backlog, council

ROWS = 50
MOST = 60 * 1024
TITLE = "카드 번호를 다시 묻지 않고 결제하기"
WORDS = "결제할 때마다 카드 번호를 다시 넣어야 해서 장바구니를 비우고 나간 적이 여러 번 있어요."
MARKS = ('<tr class="data-row"', '<div role="group"', "hb-loop-row")
"""What begins a row, wherever rows are listed."""


@pytest.fixture
def pages(ada: User, mina: User) -> Client:
    """Fifty of everything that a page lists, with words of the usual length."""
    product = backlog.ProductFactory.create(name="누리페이", prefix="PAY")
    source = backlog.SourceFactory.create(name="분기 NPS 설문")
    account = backlog.AccountFactory.create(name="고운결의류", segment="패션")
    for number in range(ROWS):
        request = backlog.RequestFactory.create(
            number=1_000 + number,
            product=product,
            title=TITLE,
            owner=mina,
            impact=80,
            feasibility=60,
            priority=70.25,
            priority_low=60.5,
            priority_high=79.75,
        )
        customer = backlog.CustomerFactory.create(name=f"손다희 {number}", account=account)
        backlog.FeedbackFactory.create(
            source=source, product=product, customer=customer, verbatim=WORDS
        )
        backlog.ObligationFactory.create(customer=customer, request=request)
        council.MeetingFactory.create(starts_at=NOON + timedelta(days=number))
    client = Client(headers={"accept-language": "ko"})
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _request_page() -> str:
    return f"/requests/{CustomerRequest.objects.order_by('pk')[0].key}/"


def test_no_page_weighs_more_than_sixty_kilobytes(pages: Client) -> None:
    paths = {
        "/": 0,
        "/admin/backlog/feedback/?linked=no": ROWS,
        "/board/PAY/": ROWS,
        "/admin/backlog/customerrequest/": ROWS,
        _request_page(): 0,
        "/admin/council/meeting/": ROWS,
        "/sprints/": 0,
        "/loop/": ROWS,
        "/loop/unanswered/": 0,
        "/admin/backlog/customer/": ROWS,
    }
    weights = {}
    for path, rows in paths.items():
        answer = pages.get(path, follow=True)
        page = answer.content.decode()
        shown = max(page.count(row) for row in MARKS)
        assert (answer.status_code, shown) == (200, rows), path
        weights[path] = len(answer.content)

    assert {path: weight for path, weight in weights.items() if weight > MOST} == {}


def test_the_shell_around_a_page_is_light(pages: Client) -> None:
    page = pages.get("/sprints/", follow=True).content.decode()
    around = page[: page.index("<main")] + page[page.index("</main>") :]

    assert len(around.encode()) < 22 * 1024
    assert "chart.js" not in page
    assert "fonts/inter" not in page
