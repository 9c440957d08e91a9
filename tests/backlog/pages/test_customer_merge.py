"""The page on which two records of one person become one."""

import pytest
from django.test import Client

from backlog.delivery import links
from backlog.models import Customer, Suggestion
from backlog.operations import customer_merges
from tests.factories import NOON
from tests.factories.backlog import (
    AccountFactory,
    ContactPointFactory,
    CustomerFactory,
    EvidenceFactory,
    FeedbackFactory,
    NoticeFactory,
    NoticeItemFactory,
    ObligationFactory,
)


@pytest.fixture
def two(db: None) -> tuple[Customer, Customer]:
    account = AccountFactory.create()
    old, new = (CustomerFactory.create(name="Kim Jisu", account=account) for _ in range(2))
    return old, new


def page_of(customer: Customer) -> str:
    return f"/customers/{customer.pk}/merge/"


def merged(two: tuple[Customer, Customer]) -> None:
    customer_merges.merge_customer(
        customer_id=two[0].pk, into_id=two[1].pk, reason="The same.", by=None, at=NOON
    )


class TestChoose:
    def test_who_may_be_the_same_is_there_with_why(
        self, mina_pages: Client, two: tuple[Customer, Customer]
    ) -> None:
        page = mina_pages.get(page_of(two[0])).content.decode()
        assert f"{page_of(two[0])}?into={two[1].pk}" in page
        assert "the same name at the same account" in page

    @pytest.mark.parametrize("wanted", ["Lee", "lee@example.com"])
    def test_others_are_found_by_name_or_address(
        self, mina_pages: Client, two: tuple[Customer, Customer], wanted: str
    ) -> None:
        other = CustomerFactory.create(name="Lee Minsu")
        ContactPointFactory.create(customer=other, address="lee@example.com")
        assert mina_pages.get(page_of(two[0]), {"q": wanted}).context["found"] == [other]

    @pytest.mark.parametrize("into", ["x", "-1", "9" * 40, "²"])
    def test_nobody_is_chosen_by_nonsense(
        self, mina_pages: Client, two: tuple[Customer, Customer], into: str
    ) -> None:
        assert mina_pages.get(page_of(two[0]), {"into": into}).context["other"] is None

    def test_is_not_for_who_may_not_merge(
        self, omar_pages: Client, two: tuple[Customer, Customer]
    ) -> None:
        assert omar_pages.get(page_of(two[0])).status_code == 403


class TestSuggested:
    def test_who_is_somebody_else_does_not_come_back(
        self, mina_pages: Client, two: tuple[Customer, Customer]
    ) -> None:
        mina_pages.post(f"{page_of(two[0])}dismiss/", {"other": two[1].pk})
        assert Suggestion.objects.get().state == "dismissed"
        for customer in two:
            assert mina_pages.get(page_of(customer)).context["likely"] == []

    def test_who_was_found_is_written_down_once_merged(
        self, mina_pages: Client, two: tuple[Customer, Customer]
    ) -> None:
        said = {"into": two[1].pk, "reason": "The same."}
        mina_pages.post(f"{page_of(two[0])}into/", said)
        row = Suggestion.objects.get()
        assert (row.state, row.name, row.score) == ("accepted", "likely_customer", 0.8)


class TestPreview:
    def test_shows_both_and_what_comes_of_it(
        self, mina_pages: Client, two: tuple[Customer, Customer]
    ) -> None:
        asked = EvidenceFactory.create(feedback__customer=two[0])
        words = FeedbackFactory.create(customer=two[1])
        EvidenceFactory.create(feedback=words, request=asked.request)
        preview = mina_pages.get(page_of(two[0]), {"into": two[1].pk}).context["preview"]

        assert [side.words for side in preview.sides] == [1, 1, 2]
        assert [side.requests for side in preview.sides] == [1, 1, 1]
        assert preview.common == 1


class TestMerge:
    def test_leads_to_the_survivor_which_says_so(
        self, mina_pages: Client, two: tuple[Customer, Customer]
    ) -> None:
        said = {"into": two[1].pk, "reason": "The same."}
        response = mina_pages.post(f"{page_of(two[0])}into/", said, follow=True)

        assert response.redirect_chain[-1][0] == f"/customers/{two[1].pk}/"
        assert f'href="/customers/{two[0].pk}/"' in response.content.decode()

    def test_needs_a_reason_and_keeps_what_was_chosen(
        self, mina_pages: Client, two: tuple[Customer, Customer]
    ) -> None:
        response = mina_pages.post(f"{page_of(two[0])}into/", {"into": two[1].pk, "reason": ""})
        assert (response.status_code, response.context["other"]) == (422, two[1])

    def test_is_taken_back_on_the_page_of_the_merged_one(
        self, mina_pages: Client, two: tuple[Customer, Customer]
    ) -> None:
        merged(two)
        address = f"/customers/{two[0].pk}/unmerge/"
        assert address in mina_pages.get(f"/customers/{two[0].pk}/").content.decode()
        mina_pages.post(address, {"reason": ""})
        assert Customer.objects.get(pk=two[0].pk).merged_into == two[1]
        mina_pages.post(address, {"reason": "Two people."})
        assert Customer.objects.get(pk=two[0].pk).merged_into is None


class TestSignedLinks:
    def test_the_page_of_a_message_from_before_is_the_persons(
        self, client: Client, two: tuple[Customer, Customer]
    ) -> None:
        words = FeedbackFactory.create(customer=two[0], verbatim="Paying is slow.")
        asked = EvidenceFactory.create(feedback=words)
        told = ObligationFactory.create(
            customer=two[0], request=asked.request, status="told", settled_at=NOON
        )
        notice = NoticeFactory.create(customer=two[0], status="sent", sent_at=NOON)
        NoticeItemFactory.create(notice=notice, obligation=told)
        merged(two)

        page = client.get(links.answer_url(notice)).content.decode()
        assert "Paying is slow." in page

    def test_hearing_less_often_is_the_persons_wish(
        self, client: Client, two: tuple[Customer, Customer]
    ) -> None:
        notice = NoticeFactory.create(customer=two[0], status="sent", sent_at=NOON)
        merged(two)
        client.post(links.unsubscribe_url(notice), {"rhythm": "weekly"})
        assert Customer.objects.get(pk=two[1].pk).rhythm == "weekly"
