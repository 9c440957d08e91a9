"""Signed links open one thing for one person, and nothing to anybody who plays with them."""

import time
from collections.abc import Callable

import pytest

from backlog.delivery import links
from backlog.models import Notice
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db
YEAR = 365 * 24 * 3600


@pytest.fixture
def notice() -> Notice:
    return make.NoticeFactory.create()


def token_in(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    now = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + seconds)


def test_each_link_leads_back_to_its_notice(notice: Notice) -> None:
    answer, unsubscribe = links.answer_url(notice), links.unsubscribe_url(notice)

    assert answer.startswith("http://testserver/heard/")
    assert unsubscribe.startswith("http://testserver/unsubscribe/")
    assert links.read_answer_token(token_in(answer)) == notice.pk
    assert links.read_unsubscribe_token(token_in(unsubscribe)) == notice.pk


def test_a_link_is_useless_for_the_other_purpose(notice: Notice) -> None:
    with pytest.raises(links.Refused):
        links.read_unsubscribe_token(token_in(links.answer_url(notice)))
    with pytest.raises(links.Refused):
        links.read_answer_token(token_in(links.unsubscribe_url(notice)))


@pytest.mark.parametrize(
    "tamper",
    [
        lambda token: token[:-1],
        lambda token: f"9{token}",
        lambda token: token.replace("-", "-a", 1),
        lambda token: token.partition(".")[0],
        lambda token: f"{token}.",
        lambda token: "",
    ],
    ids=["cut", "other notice", "other customer", "no signature", "longer", "empty"],
)
def test_a_link_that_was_tampered_with_opens_nothing(
    notice: Notice, tamper: Callable[[str], str]
) -> None:
    with pytest.raises(links.Refused):
        links.read_answer_token(tamper(token_in(links.answer_url(notice))))


def test_an_answer_link_is_good_for_a_year(notice: Notice, monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_in(links.answer_url(notice))

    later(monkeypatch, YEAR - 60)
    assert links.read_answer_token(token) == notice.pk

    later(monkeypatch, YEAR + 60)
    with pytest.raises(links.Expired):
        links.read_answer_token(token)


def test_an_unsubscribe_link_never_expires(notice: Notice, monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_in(links.unsubscribe_url(notice))

    later(monkeypatch, 20 * YEAR)

    assert links.read_unsubscribe_token(token) == notice.pk


def test_a_number_used_again_for_another_customer_opens_nothing(notice: Notice) -> None:
    token = token_in(links.answer_url(notice))
    Notice.objects.filter(pk=notice.pk).update(customer=make.CustomerFactory.create())

    with pytest.raises(links.Refused):
        links.read_answer_token(token)


def test_a_wish_whose_number_is_another_customers_by_now_opens_no_copy(db: None) -> None:
    wish = make.PrivacyRequestFactory.create()
    token = token_in(links.copy_url(wish))
    assert links.read_copy_token(token) == wish.pk

    wish.customer = make.CustomerFactory.create()
    wish.save()

    with pytest.raises(links.Refused):
        links.read_copy_token(token)
