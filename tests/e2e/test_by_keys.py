"""What people come for, each from Home and by keys alone, and what it costs them.

The limits are what they cost today. `-s` prints the table, with the bytes.
"""

from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.trip import Trip

pytestmark = pytest.mark.e2e

KEYS: Final = {
    "find a request by a customer's word": (5, 1),
    "who asked for PAY-6": (7, 1),
    "what was decided and why": (10, 1),
    "what do I owe": (0, 0),
    "read the next agenda": (0, 0),
    "come to the meeting in session": (1, 1),
    "assess one": (8, 1),
    "record a decision": (5, 1),
    "plan a request into a sprint": (3, 2),
    "announce": (3, 2),
    "who was not told and why": (5, 1),
    "what a customer ever said": (6, 1),
    "invite a colleague": (14, 2),
}
"""Of each journey the keys without the words of answers, and the pages loaded."""


End = Callable[[Trip, str], None]


@pytest.fixture
def costs() -> End:
    """Says at its end what a journey has cost, and holds it to its limits."""

    def end(trip: Trip, name: str) -> None:
        keys, loads = KEYS[name]
        print(
            f"\n| {name} | {trip.clicks} | {trip.keys} (+{trip.typed}) | {trip.loads} |"
            f" {trip.bytes:,} |"
        )
        assert trip.clicks == 0
        assert trip.keys <= keys
        assert trip.loads <= loads

    return end


def _number_of(page: Page, address: str) -> str:
    return str(page.locator(f"[data-number][href{address}").first.get_attribute("data-number"))


class TestToRead:
    def test_a_request_by_a_customers_word(self, visit: Visit, costs: End) -> None:
        trip = Trip(visit("product manager"))
        trip.go("SIM", to="Korean SIM")
        trip.sees(trip.visitor.page.get_by_role("heading", level=1, name="PAY-6"))
        costs(trip, "find a request by a customer's word")

    def test_who_asked_for_a_request(self, visit: Visit, costs: End) -> None:
        trip = Trip(visit("product manager"))
        page = trip.visitor.page
        trip.go("PAY-6")
        page.wait_for_url("**/requests/PAY-6/")
        trip.sees(page.locator("#words").get_by_role("link", name="Jasmine Wu"))
        costs(trip, "who asked for PAY-6")

    def test_what_was_decided_and_why(self, visit: Visit, costs: End) -> None:
        trip = Trip(visit("product manager"))
        page = trip.visitor.page
        trip.go("PAY-6")
        page.wait_for_url("**/requests/PAY-6/")
        trip.go("Dec")
        trip.sees(page.locator("#decisions").get_by_text("approve").first)
        costs(trip, "what was decided and why")

    def test_what_one_owes(self, visit: Visit, costs: End) -> None:
        trip = Trip(visit("product manager"))
        trip.sees(trip.visitor.page.get_by_role("heading", name="Next for you"))
        costs(trip, "what do I owe")

    def test_the_next_agenda(self, visit: Visit, costs: End) -> None:
        trip = Trip(visit("product manager"))
        trip.sees(trip.visitor.page.locator(".hb-agenda > li").last)
        costs(trip, "read the next agenda")

    def test_the_meeting_in_session(self, visit: Visit, costs: End) -> None:
        trip = Trip(visit("council member"))
        page = trip.visitor.page
        trip.press(_number_of(page, "*='/room/']"))
        page.wait_for_url("**/meetings/*/room/")
        trip.sees(page.get_by_role("main").get_by_text("PAY-18").first)
        costs(trip, "come to the meeting in session")

    def test_who_was_not_told_and_why(self, visit: Visit, costs: End) -> None:
        trip = Trip(visit("product manager"))
        page = trip.visitor.page
        trip.go("Not told")
        page.wait_for_url("**/loop/?status=suppressed")
        trip.sees(page.locator(".hb-loop-row .hb-loop-why").first)
        costs(trip, "who was not told and why")

    def test_all_that_a_customer_ever_said(self, visit: Visit, costs: End) -> None:
        trip = Trip(visit("product manager"))
        trip.go("Jasmine")
        trip.sees(trip.visitor.page.get_by_text("No Korean SIM, no login"))
        costs(trip, "what a customer ever said")


class TestToDo:
    def test_assess_a_request(self, visit: Visit, costs: End) -> None:
        trip = Trip(visit("council member"))
        page = trip.visitor.page
        trip.press(_number_of(page, "$='/assessment/']"))
        page.wait_for_url("**/assessment/")
        trip.press(*"3" * page.locator("#assess .hb-anchors").count(), "Enter")
        expect(page.get_by_text("Your assessment is on record.")).to_be_visible()
        expect(page.locator(":focus")).to_contain_text("Next")
        costs(trip, "assess one")

    def test_record_what_was_voted(self, visit: Visit, costs: End) -> None:
        trip = Trip(visit("secretary"))
        page = trip.visitor.page
        trip.press(_number_of(page, "*='/room/']"))
        expect(page.get_by_role("button", name="Close the vote")).to_be_visible()
        trip.press("m", "Enter")
        expect(page.get_by_role("button", name="Record the decision")).to_be_visible()
        trip.press("m", "Enter")
        expect(page.get_by_text("On record and sealed")).to_be_visible()
        costs(trip, "record a decision")

    def test_plan_a_request_into_a_sprint(self, visit: Visit, costs: End) -> None:
        trip = Trip(visit("product manager"))
        page = trip.visitor.page
        trip.press(_number_of(page, "$='#hypothesis']"))
        expect(page.locator("#hypothesis")).to_be_focused()
        trip.answer("Sellers see their money the day after.")
        trip.tab_to("[name=measure]")
        trip.answer("days until paid")
        trip.press("Enter")
        expect(page.get_by_text("The request is in the sprint.")).to_be_visible()
        costs(trip, "plan a request into a sprint")

    def test_announce_what_was_delivered(self, visit: Visit, costs: End) -> None:
        trip = Trip(visit("product manager"))
        page = trip.visitor.page
        trip.press(_number_of(page, "^='/outcomes/']"))
        page.wait_for_url("**/announce/")
        # Two keys: what cannot be taken back is not a slip of the hand away.
        trip.press("m", "Enter")
        expect(page.get_by_role("main")).to_contain_text("Announced on")
        costs(trip, "announce")

    def test_invite_a_colleague(self, visit: Visit, costs: End) -> None:
        trip = Trip(visit("admin"))
        page = trip.visitor.page
        trip.go("Invite")
        expect(page.locator("[name=email]")).to_be_focused()
        trip.answer("new@nuri.example.com")
        trip.tab_to("[name=name]")
        trip.answer("New Colleague")
        trip.tab_to("[name=roles]")
        trip.press("Space", "Enter")
        expect(page.get_by_role("main")).to_contain_text("new@nuri.example.com")
        costs(trip, "invite a colleague")
