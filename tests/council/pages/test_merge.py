"""The page on which requests that say the same become one."""

import pytest
from django.test import Client

from backlog.models import CustomerRequest, Suggestion, User
from backlog.operations import merges
from tests.factories import NOON
from tests.factories.backlog import EvidenceFactory, ProductFactory, RequestFactory
from tests.factories.council import BallotFactory

MERGE = "/requests/PAY-1/merge/"


@pytest.fixture
def pair(db: None) -> tuple[CustomerRequest, CustomerRequest]:
    product = ProductFactory.create(prefix="PAY")
    slow, fast = (
        RequestFactory.create(product=product, number=number, title=title, problem=title)
        for number, title in ((1, "Paying is slow"), (2, "Paying is too slow"))
    )
    EvidenceFactory.create(request=slow, counts_for=slow)
    return slow, fast


def merged(pair: tuple[CustomerRequest, CustomerRequest]) -> None:
    merges.merge_request(
        request_id=pair[0].pk, into_id=pair[1].pk, reason="The same.", by=None, at=NOON
    )


class TestChoose:
    def test_what_says_the_same_is_there(
        self, mina_pages: Client, pair: tuple[CustomerRequest, CustomerRequest]
    ) -> None:
        page = mina_pages.get(MERGE).content.decode()
        assert f"{MERGE}?into=PAY-2" in page

    @pytest.mark.parametrize("wanted", ["PAY-2", "too slow"])
    def test_others_are_found_by_key_or_words(
        self, mina_pages: Client, pair: tuple[CustomerRequest, CustomerRequest], wanted: str
    ) -> None:
        assert list(mina_pages.get(MERGE, {"q": wanted}).context["found"]) == [pair[1]]

    def test_others_of_another_product_are_not(
        self, mina_pages: Client, pair: tuple[CustomerRequest, CustomerRequest]
    ) -> None:
        RequestFactory.create(title="Paying is slow", problem="Slow.", product__prefix="SHOP")
        page = mina_pages.get(MERGE, {"q": "slow"}).content.decode()
        assert "SHOP-" not in page

    def test_is_not_for_who_may_not_merge(
        self, omar_pages: Client, pair: tuple[CustomerRequest, CustomerRequest]
    ) -> None:
        assert omar_pages.get(MERGE).status_code == 403
        assert MERGE not in omar_pages.get("/requests/PAY-1/").content.decode()


class TestPreview:
    def test_shows_both_and_what_comes_of_it(
        self, mina_pages: Client, pair: tuple[CustomerRequest, CustomerRequest]
    ) -> None:
        response = mina_pages.get(MERGE, {"into": "PAY-2"})
        preview = response.context["preview"]
        assert (preview.merged.words, preview.survivor.words, preview.after.words) == (1, 0, 1)
        assert "Merge PAY-1 into PAY-2" in response.content.decode()

    def test_says_while_it_is_being_voted_on(
        self, mina_pages: Client, pair: tuple[CustomerRequest, CustomerRequest]
    ) -> None:
        BallotFactory.create(agenda_item__request=pair[0])
        response = mina_pages.get(MERGE, {"into": "PAY-2"})
        assert "being voted on" in response.content.decode()
        assert 'name="reason"' not in response.content.decode()


class TestMerge:
    def test_leads_to_the_survivor_which_says_so(
        self, mina_pages: Client, pair: tuple[CustomerRequest, CustomerRequest]
    ) -> None:
        said = {"into": "PAY-2", "reason": "The same."}
        response = mina_pages.post(f"{MERGE}into/", said, follow=True)

        assert response.redirect_chain[-1][0] == "/requests/PAY-2/?merged=PAY-1#merged"
        assert "PAY-1 was merged into this request." in response.content.decode()

    def test_needs_a_reason_and_keeps_what_was_chosen(
        self, mina_pages: Client, pair: tuple[CustomerRequest, CustomerRequest]
    ) -> None:
        response = mina_pages.post(f"{MERGE}into/", {"into": "PAY-2", "reason": ""})
        assert (response.status_code, response.context["other"]) == (422, pair[1])

    def test_is_refused_in_words_while_a_vote_is_open(
        self, mina_pages: Client, pair: tuple[CustomerRequest, CustomerRequest]
    ) -> None:
        BallotFactory.create(agenda_item__request=pair[0])
        said = {"into": "PAY-2", "reason": "The same."}
        response = mina_pages.post(f"{MERGE}into/", said, follow=True)
        assert "being voted on" in str(*response.context["messages"])
        assert not CustomerRequest.objects.filter(status="merged").exists()

    def test_into_what_is_not_there_is_not_accepted(
        self, mina_pages: Client, pair: tuple[CustomerRequest, CustomerRequest]
    ) -> None:
        said = {"into": "PAY-99", "reason": "The same."}
        assert mina_pages.post(f"{MERGE}into/", said).status_code == 422


class TestSuggested:
    def test_what_was_dismissed_does_not_come_back(
        self, mina_pages: Client, pair: tuple[CustomerRequest, CustomerRequest]
    ) -> None:
        mina_pages.post(f"{MERGE}dismiss/", {"other": "PAY-2"})
        assert Suggestion.objects.get().state == "dismissed"
        assert mina_pages.get(MERGE).context["alike"] == []
        assert mina_pages.get("/requests/PAY-2/merge/").context["alike"] == []

    def test_what_its_words_found_is_written_down_once_merged(
        self, mina_pages: Client, pair: tuple[CustomerRequest, CustomerRequest]
    ) -> None:
        mina_pages.post(f"{MERGE}into/", {"into": "PAY-2", "reason": "The same."})
        row = Suggestion.objects.get()
        assert (row.state, row.name, row.into_request) == ("accepted", "similar_words", pair[1])

    def test_of_what_is_not_there_nothing_is_dismissed(
        self, mina_pages: Client, pair: tuple[CustomerRequest, CustomerRequest]
    ) -> None:
        assert mina_pages.post(f"{MERGE}dismiss/", {"other": "PAY-99"}).status_code == 302
        assert not Suggestion.objects.exists()


class TestMerged:
    def test_its_key_leads_to_the_survivor(
        self, omar_pages: Client, pair: tuple[CustomerRequest, CustomerRequest]
    ) -> None:
        merged(pair)
        assert omar_pages.get("/requests/PAY-1/", follow=True).context["row"] == pair[1]

    def test_nobody_is_told_what_an_address_made_up(
        self, omar_pages: Client, pair: tuple[CustomerRequest, CustomerRequest]
    ) -> None:
        page = omar_pages.get("/requests/PAY-2/?merged=PAY-66").content.decode()
        assert "PAY-66 was merged" not in page

    def test_its_history_stays_readable(
        self, omar_pages: Client, pair: tuple[CustomerRequest, CustomerRequest]
    ) -> None:
        merged(pair)
        page = omar_pages.get("/requests/PAY-1/history/").content.decode()
        assert "Merged into PAY-2" in page
        assert (
            "PAY-1 was merged into this"
            in omar_pages.get("/requests/PAY-2/history/").content.decode()
        )


class TestUnmerge:
    def test_makes_it_its_own_again(
        self, mina_pages: Client, pair: tuple[CustomerRequest, CustomerRequest], mina: User
    ) -> None:
        merged(pair)
        assert "/requests/PAY-1/unmerge/" in mina_pages.get("/requests/PAY-2/").content.decode()

        response = mina_pages.post(
            "/requests/PAY-1/unmerge/", {"reason": "Another thing."}, follow=True
        )

        assert response.context["row"] == pair[0]

    def test_needs_a_reason(
        self, mina_pages: Client, pair: tuple[CustomerRequest, CustomerRequest]
    ) -> None:
        merged(pair)
        mina_pages.post("/requests/PAY-1/unmerge/", {"reason": " "})
        assert CustomerRequest.objects.get(pk=pair[0].pk).merged_into == pair[1]
