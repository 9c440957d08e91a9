"""Where one can go: what is found, for whom, and how much of it."""

import pytest
from django.test import Client
from django.urls import reverse

from backlog.models import User
from tests.conftest import SameQueries
from tests.factories import backlog, council

GO = "council:go"


@pytest.fixture
def as_omar(client: Client, omar: User) -> Client:
    client.force_login(omar, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _found(client: Client, words: str = "") -> str:
    return client.get(reverse(GO), {"q": words}).content.decode()


class TestWithoutWords:
    def test_lists_the_pages_of_the_menu(self, as_mina: Client) -> None:
        page = _found(as_mina)

        assert reverse("backlog:loop") in page
        assert reverse("council:decisions") in page

    def test_lists_none_that_is_closed(self, as_omar: Client) -> None:
        page = _found(as_omar)

        assert reverse("backlog:loop") not in page
        assert reverse("admin:backlog_user_changelist") not in page


class TestWithWords:
    def test_finds_a_request_by_its_key_before_all_others(self, as_mina: Client) -> None:
        product = backlog.ProductFactory.create(prefix="PAY")
        wanted = backlog.RequestFactory.create(product=product, number=6, title="Passwords")
        backlog.RequestFactory.create(product=product, number=7, title="As pay-6 says")

        page = _found(as_mina, " pay-6 ")

        assert page.index(wanted.title) < page.index("As pay-6 says")

    def test_finds_by_words_in_any_order(self, as_mina: Client) -> None:
        row = backlog.RequestFactory.create(title="해외에서도 비밀번호를 다시 설정할 수 있게")

        assert reverse("council:request", args=[row.key]) in _found(as_mina, "비밀번호 해외")

    def test_finds_each_noun(self, as_mina: Client) -> None:
        backlog.CustomerFactory.create(name="Blue customer")
        backlog.AccountFactory.create(name="Blue account")
        council.MeetingFactory.create(title="Blue meeting")
        backlog.SprintFactory.create(name="Blue sprint")

        page = _found(as_mina, "blue")

        for noun in ("customer", "account", "meeting", "sprint"):
            assert f"Blue {noun}" in page

    def test_leads_from_a_customers_words_to_the_request_they_speak_for(
        self, as_mina: Client
    ) -> None:
        loose = backlog.FeedbackFactory.create(verbatim="My blue passport was refused.")
        linked = backlog.FeedbackFactory.create(verbatim="Passport? Not mine, it seems.")
        evidence = backlog.EvidenceFactory.create(feedback=linked)

        page = _found(as_mina, "passport")

        assert reverse("council:request", args=[evidence.request.key]) in page
        assert reverse("admin:backlog_feedback_change", args=[loose.pk]) in page

    def test_shows_no_customer_to_those_who_may_not_know_them(self, as_omar: Client) -> None:
        backlog.CustomerFactory.create(name="Jane Cooper")
        backlog.AccountFactory.create(name="Jane and Sons")

        assert "Jane" not in _found(as_omar, "jane")

    def test_shows_nothing_of_a_closed_product(self, as_mina: Client) -> None:
        secret = backlog.ProductFactory.create(is_open=False)
        row = backlog.RequestFactory.create(product=secret, title="Secret plan")

        assert "Secret" not in _found(as_mina, "secret")
        assert "Secret" not in _found(as_mina, row.key)

    def test_shows_seven_of_each_at_most_by_no_more_queries_than_one(
        self, as_mina: Client, queries: SameQueries
    ) -> None:
        product = backlog.ProductFactory.create()
        _many(product, 1)
        _found(as_mina, "many")
        with queries() as few:
            _found(as_mina, "many")
        _many(product, 9)
        with queries() as many:
            page = _found(as_mina, "many")

        assert page.count("Many requests") == page.count("Many people") == 7
        assert len(many) <= len(few)  # A search that has found enough looks no further.

    @pytest.mark.parametrize("words", ["%", "'", "a" * 2_000, "\N{HANGUL LETTER KIYEOK}"])
    def test_takes_whatever_is_typed(self, as_mina: Client, words: str) -> None:
        assert as_mina.get(reverse(GO), {"q": words}).status_code == 200


def _many(product: object, count: int) -> None:
    account = backlog.AccountFactory.create(name="Elsewhere")
    for _ in range(count):
        backlog.RequestFactory.create(product=product, title="Many requests")
        backlog.CustomerFactory.create(name="Many people", account=account)


def test_every_page_offers_it_to_who_is_signed_in(as_mina: Client, mina: User) -> None:
    assert 'id="palette"' in as_mina.get(reverse("council:home")).content.decode()
