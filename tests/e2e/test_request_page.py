"""The Request page in a browser: one screen, panels that open in place, and everything by keys."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import PHONE, Visitor

pytestmark = pytest.mark.e2e

REQUEST = "/requests/PAY-6/"
HEIGHT = "document.documentElement.scrollHeight"


def _tab_to(visitor: Visitor, selector: str, *, within: int = 80) -> None:
    """By the Tab key alone, as somebody who has no mouse."""
    for _ in range(within):
        visitor.page.keyboard.press("Tab")
        if visitor.page.locator(":focus").evaluate("(it, found) => it.matches(found)", selector):
            return
    raise AssertionError(f"Tab does not come to {selector}")


def test_fits_three_screens_and_six_of_a_phone(visit: Visit) -> None:
    desk, phone = visit("product manager"), visit("product manager", screen=PHONE)
    desk.go(REQUEST)
    phone.go(REQUEST)

    assert desk.page.evaluate(HEIGHT) <= 2_700
    assert phone.page.evaluate(HEIGHT) <= 4_800


def test_says_on_the_first_screen_what_where_how_much_and_what_next(visit: Visit) -> None:
    visitor = visit("product manager")
    visitor.go(REQUEST)

    for part in ("#words blockquote", ".hb-stages [aria-current=step]", "#score-title", "#next"):
        expect(visitor.page.locator(part).first).to_be_in_viewport(ratio=1)


def test_leads_from_the_line_into_its_panels_without_a_script(visit: Visit) -> None:
    visitor = visit("product manager", scripts=False)
    visitor.go(REQUEST)

    visitor.page.locator(".hb-stages a", has_text="Told").click()

    expect(visitor.page.locator("#told")).to_be_in_viewport()


def test_shows_all_words_in_place_by_keys_and_keeps_the_focus_there(visit: Visit) -> None:
    visitor = visit("product manager")
    visitor.go(REQUEST)

    _tab_to(visitor, "[hx-target='#words-all']")
    everything = visitor.page.locator(":focus").inner_text()
    visitor.page.keyboard.press("Enter")

    count = int(re.sub(r"\D", "", everything))
    expect(visitor.page.locator("#words blockquote")).to_have_count(count)
    expect(visitor.page.locator("#words-title")).to_be_focused()
    expect(visitor.page).to_have_url(re.compile(f"{REQUEST}$"))


def test_brings_the_history_in_when_its_panel_is_opened(visit: Visit) -> None:
    visitor = visit("viewer")
    visitor.go(REQUEST)

    visitor.page.locator("#history-title").click()

    expect(visitor.page.locator("#history .hb-phase").first).to_be_visible()


def test_is_assessed_beside_its_words_by_keys_alone(visit: Visit) -> None:
    visitor = visit("council member")
    page = visitor.page
    visitor.go("/")
    thing = page.locator("[data-number][href$='/assessment/']").first
    page.keyboard.press(str(thing.get_attribute("data-number")))
    page.wait_for_url("**/assessment/")

    visitor.go(page.url.removeprefix(visitor.site).removesuffix("assessment/"))
    _tab_to(visitor, "#assess a")
    page.keyboard.press("Enter")
    expect(page.locator("#assess-title")).to_be_focused()
    expect(page.locator("#words blockquote").first).to_be_in_viewport()
    for _criterion in range(2):
        _tab_to(visitor, "[type=radio]")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
    _tab_to(visitor, "#assess [type=submit]")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Your assessment is on record.")).to_be_visible()
    expect(page.locator(":focus")).to_contain_text("Next")
