"""What holds for every list of our own. A new list without a row here fails."""

import csv
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from backlog.models import Evidence, User
from backlog.pages.lists import (
    accounts,
    customers,
    feedback,
    outcomes,
    overrides,
    requests,
    sprints,
    view,
)
from backlog.pages.lists.listing import Listing
from council.pages.lists import action_items, councils, decisions, meetings
from tests.access.routes import routes
from tests.backlog.pages.conftest import signed_in
from tests.conftest import SameQueries
from tests.factories import NOON, backlog, council

pytestmark = pytest.mark.django_db


def said() -> Evidence:
    """Of somebody with an account, with a rating, and speaking for a request."""
    evidence = backlog.EvidenceFactory.create(
        feedback__customer__account=backlog.AccountFactory.create(),
        feedback__product=backlog.ProductFactory.create(),
    )
    evidence.feedback.readings.create(kind="nps", value=3)
    return evidence


# Each list, and how to make one more of its rows.
LISTS: dict[str, tuple[Listing, Callable[[User], Any]]] = {
    "requests": (
        requests.LIST,
        lambda owner: backlog.EvidenceFactory.create(request__owner=owner).request,
    ),
    "feedback": (feedback.LIST, lambda _: said().feedback),
    "customers": (customers.LIST, lambda _: said().feedback.customer),
    "accounts": (accounts.LIST, lambda _: backlog.AccountFactory.create()),
    "outcomes": (outcomes.LIST, lambda _: backlog.OutcomeFactory.create()),
    "overrides": (
        overrides.LIST,
        lambda owner: backlog.EventFactory.create(
            kind="request.moved",
            reason="The law.",
            actor=owner,
            request=backlog.RequestFactory.create(),
            data={"drift": "-31.5"},
        ),
    ),
    "all-sprints": (sprints.LIST, lambda _: backlog.CommitmentFactory.create().sprint),
    "councils": (councils.LIST, lambda _: council.CouncilFactory.create()),
    "meetings": (meetings.LIST, lambda _: council.AgendaItemFactory.create().meeting),
    "decisions": (decisions.LIST, lambda _: council.DecisionFactory.create()),
    "action-items": (
        action_items.LIST,
        lambda owner: council.ActionItemFactory.create(
            owner=owner, request=backlog.RequestFactory.create()
        ),
    ),
}
each_list = pytest.mark.parametrize("name", LISTS)


@pytest.fixture
def browser(ada: User) -> Client:
    return signed_in(ada)


def shown(browser: Client, address: str) -> list[int]:
    response = browser.get(address)
    assert response.status_code == 200
    return [row.pk for row in response.context["rows"]]


def test_each_list_stands_here() -> None:
    found = {each.view.listing.name for each in routes() if hasattr(each.view, "listing")}

    assert found == {listing.name for listing, _make in LISTS.values()}


@each_list
class TestEveryList:
    def test_costs_as_many_queries_with_many_rows_as_with_one(
        self, name: str, browser: Client, ada: User, queries: SameQueries
    ) -> None:
        listing, make = LISTS[name]
        make(ada)
        browser.get(listing.address)
        with queries() as few:
            browser.get(listing.address)
        for _each in range(4):
            make(ada)

        with queries() as many:
            browser.get(listing.address)

        assert len(many) == len(few)

    def test_goes_on_and_back_and_shows_each_row_once(
        self, name: str, browser: Client, ada: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(view, "ROWS", 2)
        listing, make = LISTS[name]
        made = {make(ada).pk for _each in range(5)}

        for ordering in listing.orders:
            pages, address = [], f"{listing.address}?ordering={ordering}"
            while address:
                response = browser.get(address)
                pages.append([row.pk for row in response.context["rows"]])
                address = response.context["after"] and listing.address + response.context["after"]
                before = response.context["before"]
            found = [pk for each in pages for pk in each]
            assert made <= set(found)
            assert len(found) == len(set(found))
            assert shown(browser, listing.address + before) == pages[-2]

    def test_its_file_has_the_rows_of_the_list_in_their_order(
        self, name: str, browser: Client, ada: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(view, "AT_ONCE", 2)
        listing, make = LISTS[name]
        for _each in range(5):
            make(ada)

        answer = browser.get(reverse(f"{listing.name}-file"))

        text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
        first, *lines = csv.reader(text.removeprefix("\ufeff").splitlines())
        shown_rows = browser.get(listing.address).context["rows"]
        column = listing.columns[0]
        assert first == [str(each.label) for each in listing.columns]
        assert [line[0] for line in lines] == [str(column.read(row)) for row in shown_rows]

    def test_says_what_it_is_for_where_it_is_empty(self, name: str, browser: Client) -> None:
        listing, _make = LISTS[name]

        page = browser.get(listing.address).content.decode()

        assert "Nothing here yet." in page

    def test_gives_htmx_what_changes_alone(self, name: str, browser: Client, ada: User) -> None:
        listing, make = LISTS[name]
        make(ada)

        part = browser.get(listing.address, headers={"hx-request": "true"}).content.decode()

        assert part.lstrip().startswith('<div id="listing"')

    def test_begins_anew_at_a_place_that_it_never_gave_out(
        self, name: str, browser: Client, ada: User
    ) -> None:
        listing, make = LISTS[name]
        made = make(ada)

        assert made.pk in shown(browser, f"{listing.address}?cursor=nowhere")

    def test_each_menu_narrows_by_each_of_its_choices(
        self, name: str, browser: Client, ada: User
    ) -> None:
        listing, make = LISTS[name]
        made = make(ada)
        menus = browser.get(listing.address).context["menus"]

        for menu in menus:
            found: set[int] = set()
            for value, label in menu.choices:
                response = browser.get(listing.address, {menu.name: value})
                found |= {row.pk for row in response.context["rows"]}
                # What waits is the inbox, a page of its own: its title says so, not a chip.
                said = [] if "progress" in response.context else [(menu.label, label)]
                assert [(it.label, it.value) for it in response.context["chips"]] == said
                assert not response.context["unusable"]
            assert made.pk in found or not menu.choices or _may_lack(menu.name)


def _may_lack(name: str) -> bool:
    """Columns that may be empty, so that a row need not have any of the values."""
    return name in {"journey_stage", "churn_risk", "product", "owner"}


class TestOnesOwn:
    def test_is_shown_first_where_there_is_any(self, noor: User) -> None:
        mine = council.ActionItemFactory.create(owner=noor)
        other = council.ActionItemFactory.create()
        browser = signed_in(noor)
        address = action_items.LIST.address

        first = browser.get(address)

        assert [row.pk for row in first.context["rows"]] == [mine.pk]
        everything = address + first.context["all_address"]
        assert set(shown(browser, everything)) == {mine.pk, other.pk}

    def test_gives_way_to_everything_where_there_is_none(self, noor: User) -> None:
        other = council.ActionItemFactory.create()

        assert shown(signed_in(noor), action_items.LIST.address) == [other.pk]


class TestMeetings:
    def test_begin_with_what_comes_next_and_not_with_what_is_furthest_away(
        self, browser: Client
    ) -> None:
        later = council.MeetingFactory.create(starts_at=NOON + timedelta(days=90))
        sooner = council.MeetingFactory.create(starts_at=NOON + timedelta(days=7))
        over = council.MeetingFactory.create(status="cancelled", starts_at=NOON)

        assert shown(browser, meetings.LIST.address) == [sooner.pk, later.pk]
        assert shown(browser, f"{meetings.LIST.address}?when=past") == [over.pk]

    def test_that_are_over_are_shown_latest_first(self, browser: Client) -> None:
        days = [
            council.MeetingFactory.create(status="cancelled", starts_at=NOON + timedelta(days=day))
            for day in (1, 2)
        ]

        assert shown(browser, f"{meetings.LIST.address}?when=past") == [
            each.pk for each in reversed(days)
        ]


class TestWhatIsChosen:
    def test_is_named_as_people_call_it_and_can_be_taken_off(
        self, browser: Client, mina: User
    ) -> None:
        asked = backlog.EvidenceFactory.create(feedback__customer__name="Kim")
        backlog.RequestFactory.create()
        address = f"{requests.LIST.address}?customer={asked.feedback.customer_id}&status=new"

        response = browser.get(address)

        chips = {chip.label: chip for chip in response.context["chips"]}
        assert chips["Asked by"].value == "Kim"
        left = browser.get(requests.LIST.address + chips["Asked by"].without)
        assert [chip.label for chip in left.context["chips"]] == ["Status"]

    def test_names_nobody_to_whoever_may_not_see_customers(self, omar: User) -> None:
        asked = backlog.EvidenceFactory.create(feedback__customer__name="Kim")

        page = signed_in(omar).get(f"/requests/?customer={asked.feedback.customer_id}")

        assert "Kim" not in page.content.decode()

    def test_that_fits_no_row_says_so_and_offers_everything(self, browser: Client) -> None:
        backlog.RequestFactory.create()

        page = browser.get("/requests/?q=nobodysaidthis").content.decode()

        assert "Nothing matches." in page
        assert 'href="/requests/?owner="' in page

    def test_that_is_impossible_is_said(self, browser: Client) -> None:
        page = browser.get("/requests/?status=nonsense").content.decode()

        assert "nonsense" in page


def test_a_file_with_too_many_rows_is_refused_with_what_to_do(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "EXPORTED", 1)
    backlog.RequestFactory.create_batch(2)

    answer = browser.get("/requests/requests.csv")

    assert answer.status_code == 422
    assert "at most 1 row" in answer.content.decode()


def test_a_file_runs_nothing_in_a_spreadsheet(browser: Client) -> None:
    backlog.RequestFactory.create(title="=1+1")

    text = b"".join(browser.get("/requests/requests.csv").streaming_content).decode()  # type: ignore[attr-defined]

    assert ",'=1+1," in text


class TestAClosedProduct:
    """What one may not see is not told by what it has to do with, either."""

    def test_lends_no_key_to_words_that_speak_for_its_requests(self, omar: User) -> None:
        closed = backlog.ProductFactory.create(is_open=False)
        words = backlog.FeedbackFactory.create(product=None)
        asked = backlog.RequestFactory.create(product=closed)
        backlog.EvidenceFactory.create(request=asked, feedback=words)
        browser = signed_in(omar)

        assert shown(browser, feedback.LIST.address) == [words.pk]
        assert asked.key not in browser.get(feedback.LIST.address).content.decode()
        file = browser.get("/feedback/feedback.csv")
        assert asked.key not in b"".join(file.streaming_content).decode()  # type: ignore[attr-defined]
