"""Thirty pieces of feedback are triaged by keys alone, without a page load, and what that costs."""

from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import violations
from tests.e2e.conftest import Visit
from tests.e2e.trip import Trip
from tests.e2e.visitor import PHONE

pytestmark = pytest.mark.e2e

INBOX: Final = "/feedback/?linked=no"
ACTS: Final = (
    *[("1",)] * 12,
    *[("n", "Enter")] * 6,
    *[("d", str(1 + number % 4)) for number in range(8)],
    *[("s", "1"), ("s", "2")],
    *[("a", "2")] * 2,
)
"""Of each piece the keys: linked to the first that says the same, opened, put away, off, given."""
KEYS: Final = 48


def _open(page: Page) -> str:
    return str(page.locator("#reading").get_attribute("data-words-of"))


def _settled(page: Page, before: str) -> None:
    """The next words are open, and the keys work for them."""
    page.wait_for_function(
        "before => document.getElementById('reading')?.dataset.wordsOf !== before"
        " && !document.querySelector('.htmx-request, .htmx-settling, .htmx-swapping')",
        arg=before,
    )


class TestTriage:
    def test_of_thirty_pieces_by_keys_alone(self, visit: Visit) -> None:
        trip = Trip(visit("product manager"))
        page = trip.visitor.page
        trip.visitor.go(f"{INBOX}&language=ko")
        trip.loads = trip.keys = 0

        for keys in ACTS:
            if keys[0] == "1" and not page.locator("#similar [data-number='1']").count():
                keys = ("d", "4")  # noqa: PLW2901 -- nothing says the same as some noise
            before = _open(page)
            trip.press(*keys)
            _settled(page, before)

        print(f"\n| thirty pieces | {trip.clicks} clicks | {trip.keys} keys | {trip.loads} loads |")
        assert trip.loads == 0
        assert trip.keys <= KEYS + 6
        expect(page.locator(".hb-inbox-progress")).to_contain_text("you did")

    def test_is_undone_and_spoken(self, visit: Visit) -> None:
        trip = Trip(visit("product manager"))
        page = trip.visitor.page
        trip.visitor.go(f"{INBOX}&language=en")
        first = _open(page)

        trip.press("d", "2")
        _settled(page, first)
        expect(page.locator("#announcer")).to_have_text("Put away as “spam”.")
        second = _open(page)
        trip.press("u")
        _settled(page, second)

        assert _open(page) == first
        expect(page.locator("#announcer")).to_have_text("Undone.")

    def test_knows_its_keys_in_the_mode_of_hangul_and_none_while_typing(self, visit: Visit) -> None:
        visitor = visit("product manager")
        page = visitor.page
        visitor.go(f"{INBOX}&language=en")
        first = _open(page)
        press = (
            "it => document.activeElement.dispatchEvent(new KeyboardEvent('keydown',"
            " {bubbles: true, cancelable: true, ...it}))"
        )

        page.evaluate(press, {"key": "ㅓ", "code": "KeyJ"})
        _settled(page, first)
        second = _open(page)
        page.keyboard.press("l")
        for composed in ({"key": "ㅇ", "code": "KeyD"}, {"key": "Process", "code": "KeyD"}):
            page.evaluate(press, {**composed, "isComposing": True})
        page.keyboard.type("dsa1")

        expect(page.locator("#find")).to_have_value("dsa1")
        assert page.locator(".hb-act[open]").count() == 0
        assert _open(page) == second

    def test_takes_a_composed_title_with_one_enter(self, visit: Visit) -> None:
        visitor = visit("product manager")
        page = visitor.page
        visitor.go(f"{INBOX}&language=ko")
        before = _open(page)
        page.keyboard.press("n")
        ime = page.context.new_cdp_session(page)
        title = page.locator("#new-title")
        title.fill("")
        ime.send(
            "Input.imeSetComposition", {"text": "환ㅂ", "selectionStart": 2, "selectionEnd": 2}
        )
        ime.send("Input.insertText", {"text": "환불 단추"})

        page.keyboard.press("Enter")

        _settled(page, before)
        expect(page.locator(".hb-inbox-said")).to_contain_text("환불 단추")
        expect(page.locator(".hb-inbox-said form, .hb-inbox-said")).to_have_count(1)

    def test_fits_a_phone_and_breaks_no_rule(self, visit: Visit) -> None:
        visitor = visit("product manager", "ko", screen=PHONE, scheme="dark")
        visitor.go(INBOX)
        page = visitor.page
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert violations(page) == []
        page.locator("#act-put-away > summary").click()
        page.locator("#act-put-away [data-number='1']").click()
        expect(page.locator(".hb-inbox-said")).to_be_visible()

    def test_works_without_scripts(self, visit: Visit) -> None:
        visitor = visit("product manager", scripts=False)
        visitor.go(INBOX)
        page = visitor.page
        page.locator("#act-snooze > summary").click()
        page.get_by_role("button", name="next week").click()
        expect(page.locator(".hb-inbox-said")).to_be_visible()
        expect(page.get_by_role("button", name="Undo")).to_be_visible()
