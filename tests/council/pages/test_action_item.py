"""Action items on a page of their own, and acted on in the list, row by row."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from backlog.models import User
from council.models import ActionItem, Council
from tests.backlog.pages.conftest import signed_in
from tests.factories import NOON, backlog
from tests.factories import council as make

pytestmark = pytest.mark.django_db
CLAIMED = {"status": "claimed_done", "evidence": "Signed.", "claimed_at": NOON}
IN_PLACE = {"HX-Request": "true"}


@pytest.fixture
def board(sora: User) -> Council:
    """Sora keeps its minutes."""
    return make.CouncilFactory.create(name="Customer council", secretary=sora)


@pytest.fixture
def sora_pages(sora: User) -> Client:
    return signed_in(sora)


@pytest.fixture
def owed(board: Council, noor: User) -> ActionItem:
    return make.ActionItemFactory.create(council=board, title="Ask the bank", owner=noor)


def said(client: Client, address: str) -> str:
    return client.get(address).content.decode()


class TestPage:
    def test_says_what_is_owed_and_offers_what_the_owner_may(
        self, noor_pages: Client, owed: ActionItem, sora: User
    ) -> None:
        owed.helpers.add(sora)

        shown = said(noor_pages, f"/action-items/{owed.pk}/")

        assert "Ask the bank" in shown
        assert str(sora) in shown
        assert "/claim/" in shown
        assert "/verify/" not in shown

    def test_done_is_shown_by_words_a_link_and_a_request(
        self, noor_pages: Client, owed: ActionItem
    ) -> None:
        shows = backlog.RequestFactory.create(title="Pay at once")
        owed.council.products.add(shows.product)
        proof = {"evidence": "Signed.", "link": "https://wiki.example/bank", "request": shows.key}

        answer = noor_pages.post(f"/action-items/{owed.pk}/claim/", proof)

        owed.refresh_from_db()
        assert (answer.status_code, owed.status) == (302, "claimed_done")
        assert owed.evidence_request == shows
        shown = said(noor_pages, f"/action-items/{owed.pk}/")
        assert all(each in shown for each in ("Signed.", "https://wiki.example/bank", shows.key))

    def test_what_is_not_accepted_is_shown_again(
        self, noor_pages: Client, owed: ActionItem
    ) -> None:
        typed = {"evidence": "Signed.", "link": "javascript:alert(1)", "request": "NO-1"}

        answer = noor_pages.post(f"/action-items/{owed.pk}/claim/", typed)

        assert answer.status_code == 422
        assert "No request has this key." in answer.content.decode()
        assert "Signed." in answer.content.decode()
        owed.refresh_from_db()
        assert owed.status == "open"

    def test_a_link_that_is_none_is_refused(self, noor_pages: Client, owed: ActionItem) -> None:
        answer = noor_pages.post(f"/action-items/{owed.pk}/claim/", {"link": "javascript:alert(1)"})

        assert answer.status_code == 422
        assert "Enter a valid URL." in answer.content.decode()

    def test_helpers_are_named_by_their_addresses(
        self, noor_pages: Client, owed: ActionItem, sora: User
    ) -> None:
        address = f"/action-items/{owed.pk}/help/"

        unknown = noor_pages.post(address, {"helpers": f"{sora.email}, who@example.org"})
        known = noor_pages.post(address, {"helpers": sora.email.upper()})

        assert "Nobody here has this address: who@example.org" in unknown.content.decode()
        assert known.status_code == 302
        assert list(owed.helpers.all()) == [sora]

    def test_who_did_it_can_undo_it(self, noor_pages: Client, owed: ActionItem) -> None:
        noor_pages.post(f"/action-items/{owed.pk}/claim/", {"evidence": "Signed."})
        assert "/undo/" in said(noor_pages, f"/action-items/{owed.pk}/")

        noor_pages.post(f"/action-items/{owed.pk}/undo/")

        owed.refresh_from_db()
        assert (owed.status, owed.evidence) == ("open", "Signed.")


class TestList:
    def test_opens_on_what_is_on_ones_desk(
        self, noor_pages: Client, owed: ActionItem, noor: User
    ) -> None:
        helped = make.ActionItemFactory.create(title="Count the calls")
        helped.helpers.add(noor)
        done = {"status": "verified", "evidence": "x", "closed_at": timezone.now()}
        make.ActionItemFactory.create(title="Long done", owner=noor, **done)
        make.ActionItemFactory.create(title="Of others")

        shown = said(noor_pages, "/action-items/")

        assert "Ask the bank" in shown
        assert "Count the calls" in shown
        assert "Long done" not in shown
        assert "Of others" not in shown

    def test_has_what_waits_for_ones_word(
        self, sora_pages: Client, owed: ActionItem, sora: User
    ) -> None:
        ActionItem.objects.filter(pk=owed.pk).update(**CLAIMED)
        mine = make.ActionItemFactory.create(
            council=owed.council, owner=sora, title="My own", status="claimed_done", evidence="x"
        )

        shown = said(sora_pages, f"/action-items/?to_accept_by={sora.pk}")

        assert "Ask the bank" in shown
        assert f"/action-items/{owed.pk}/verify/" in shown
        assert mine.title not in shown

    def test_a_key_opens_the_form_in_its_row(self, noor_pages: Client, owed: ActionItem) -> None:
        row = noor_pages.get(
            f"/action-items/{owed.pk}/?open=claim", headers=IN_PLACE
        ).content.decode()

        assert row.strip().startswith("<div")
        assert 'name="evidence"' in row
        assert "autofocus" in row

    def test_what_was_done_comes_back_as_the_row_with_a_way_back(
        self, sora_pages: Client, owed: ActionItem
    ) -> None:
        ActionItem.objects.filter(pk=owed.pk).update(**CLAIMED)

        row = sora_pages.post(f"/action-items/{owed.pk}/verify/", headers=IN_PLACE).content.decode()

        assert "Accepted as done." in row
        assert f"/action-items/{owed.pk}/undo/" in row
        sora_pages.post(f"/action-items/{owed.pk}/undo/", headers=IN_PLACE)
        owed.refresh_from_db()
        assert (owed.status, owed.closed_at) == ("claimed_done", None)

    def test_a_refusal_comes_back_in_the_row(self, noor_pages: Client, owed: ActionItem) -> None:
        ActionItem.objects.filter(pk=owed.pk).update(
            **CLAIMED | {"status": "verified"}, closed_at=timezone.now()
        )

        row = noor_pages.post(
            f"/action-items/{owed.pk}/claim/", {"evidence": "Signed."}, headers=IN_PLACE
        ).content.decode()

        assert 'role="alert"' in row
        assert "is closed" in row

    def test_costs_the_same_however_long_it_is(
        self,
        noor_pages: Client,
        board: Council,
        noor: User,
        django_assert_max_num_queries: pytest.FixtureRequest,
    ) -> None:
        for number in range(12):
            make.ActionItemFactory.create(
                council=board, owner=noor, due_on=timezone.localdate() + timedelta(days=number)
            )
        noor_pages.get("/action-items/")

        with django_assert_max_num_queries(24):  # type: ignore[operator]
            noor_pages.get("/action-items/")
