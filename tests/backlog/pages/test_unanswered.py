"""The silence report: who asked and has not heard since."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from backlog.models import CustomerRequest, Obligation, StatusUpdate
from backlog.pages import unanswered as pages
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories import backlog as make

URL = "/loop/unanswered/"


def asked(days_ago: int, request: CustomerRequest | None = None) -> CustomerRequest:
    said_at = timezone.now() - timedelta(days=days_ago)
    request = request or make.RequestFactory.create(opened_at=said_at)
    make.EvidenceFactory.create(request=request, feedback__said_at=said_at)
    return request


def listed(client: Client, query: str = "") -> list[CustomerRequest]:
    return [
        request for request, _count, _status_update in client.get(f"{URL}?{query}").context["rows"]
    ]


class TestTheReport:
    def test_shows_the_oldest_first_with_how_many_wait(self, mina_pages: Client) -> None:
        new, old = asked(1), asked(100)
        asked(50, old)

        rows = mina_pages.get(URL).context["rows"]

        assert [(request, count["customers"]) for request, count, _status_update in rows] == [
            (old, 2),
            (new, 1),
        ]

    def test_narrows_by_age_and_product(self, mina_pages: Client) -> None:
        new, old, older = asked(1), asked(40), asked(400)

        assert listed(mina_pages, "days=30") == [older, old]
        assert listed(mina_pages, "days=365") == [older]
        assert listed(mina_pages, f"product={new.product.prefix}") == [new]

    def test_goes_on_to_the_next_and_loses_none(
        self, mina_pages: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pages, "REQUESTS", 2)
        at = timezone.now() - timedelta(days=5)
        requests = [make.RequestFactory.create(opened_at=at) for _each in range(5)]
        for request in requests:
            asked(3, request)

        found, address = [], "?"
        while address:
            context = mina_pages.get(f"{URL}{address}").context
            found += [request for request, _count, _status_update in context["rows"]]
            address = context["next"]

        assert found == requests

    def test_says_so_where_nobody_waits(self, mina_pages: Client) -> None:
        assert "Nobody waits in silence." in mina_pages.get(URL).content.decode()

    def test_leaves_out_closed_products(self, mina_pages: Client) -> None:
        closed = make.RequestFactory.create(product__is_open=False)
        asked(9, closed)

        assert listed(mina_pages) == []
        assert mina_pages.get(f"{URL}{closed.key}/").status_code == 404

    def test_is_closed_to_who_may_not_see_customers(self, omar_pages: Client) -> None:
        request = asked(1)

        assert omar_pages.get(URL).status_code == 403
        assert omar_pages.get(f"{URL}{request.key}/").status_code == 403

    def test_costs_the_same_for_one_and_for_many(
        self, mina_pages: Client, queries: SameQueries
    ) -> None:
        asked(1)
        mina_pages.get(URL)
        with queries() as few:
            mina_pages.get(URL)

        for days in range(6):
            asked(days, asked(days))
        with queries() as many:
            mina_pages.get(URL)

        assert len(many) == len(few)


class TestWhoWaits:
    def test_are_named_with_the_reason_on_record(self, mina_pages: Client) -> None:
        request = make.RequestFactory.create()
        for name in ("Ann", "Bea", "Cho"):
            make.EvidenceFactory.create(request=request, feedback__customer__name=name)
        ann, bea, _cho = (row.feedback.customer for row in request.counted_evidence.order_by("pk"))
        before = NOON - timedelta(days=1)
        for customer, status, reason in ((ann, "suppressed", "no_address"), (bea, "told", "")):
            make.ObligationFactory.create(
                event__request=request,
                customer=customer,
                status=status,
                reason=reason,
                settled_at=before,
            )

        page = " ".join(mina_pages.get(f"{URL}{request.key}/").content.decode().split())

        assert "3 customers wait in silence" in page
        assert "no address known" in page
        assert "was told on 1 Mar 2026, and has spoken again since" in page
        assert "there was nothing to tell yet" in page

    def test_go_on_on_the_next_page(
        self, mina_pages: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pages, "CUSTOMERS", 2)
        request = make.RequestFactory.create()
        make.EvidenceFactory.create_batch(3, request=request)

        first = mina_pages.get(f"{URL}{request.key}/").context
        second = mina_pages.get(f"{URL}{request.key}/{first['next']}").context

        assert (len(first["waiting"]), len(second["waiting"]), second["next"]) == (2, 1, "")


class TestTell:
    def test_writes_to_those_who_wait_for_each_and_leads_to_announcing(
        self, mina_pages: Client
    ) -> None:
        chosen, other = [asked(50), asked(60)], asked(70)
        words = {"key": [row.key for row in chosen], "en": "Still being looked at."}

        page = mina_pages.post(URL, words, follow=True)

        assert {status_update.request for status_update in StatusUpdate.objects.all()} == set(
            chosen
        )
        assert not other.status_updates.exists()
        assert not Obligation.objects.filter(released_at__isnull=False).exists()
        for row in chosen:
            assert (
                f"/status-updates/{row.status_updates.get().pk}/announce/" in page.content.decode()
            )

    def test_says_what_it_refuses_and_goes_on_with_the_others(self, mina_pages: Client) -> None:
        fine, heard = asked(50), make.RequestFactory.create()
        words = {"key": [heard.key, fine.key], "en": "Still being looked at."}

        page = mina_pages.post(URL, words, follow=True).content.decode()

        assert f"{heard.key}: nobody waits" in page
        assert StatusUpdate.objects.get().request == fine

    def test_asks_for_requests(self, mina_pages: Client) -> None:
        asked(50)

        answer = mina_pages.post(f"{URL}?days=30", {"en": "Soon."})

        assert answer.status_code == 422
        assert "Choose the requests first." in answer.content.decode()
        assert not StatusUpdate.objects.exists()

    def test_keeps_what_was_written_and_chosen(self, mina_pages: Client) -> None:
        keys = [asked(50).key, asked(60).key]
        words = {"key": keys[:1], "ko": "곧 알려 드리겠습니다.", "en": "x" * 5001}

        page = mina_pages.post(f"{URL}?days=30", words).content.decode()

        assert "곧 알려 드리겠습니다." in page
        assert page.count(" checked") == 1
        assert '<option value="30" selected' in page
        assert not StatusUpdate.objects.exists()

    def test_asks_for_words_once(self, mina_pages: Client) -> None:
        keys = [asked(50).key, asked(60).key]

        page = mina_pages.post(URL, {"key": keys}, follow=True).content.decode()

        assert page.count("Say it in Korean, in English") == 1
        assert not StatusUpdate.objects.exists()
