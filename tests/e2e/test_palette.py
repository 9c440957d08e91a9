"""Going anywhere by keys alone, in either mode of a Korean keyboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit

pytestmark = pytest.mark.e2e


def _palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search or go to")).to_be_focused()


class TestThePalette:
    def test_goes_to_a_request_by_its_key(self, visit: Visit) -> None:
        visitor = visit("viewer")
        visitor.go("/")

        _palette(visitor.page)
        visitor.page.keyboard.type("pay-6")
        expect(
            visitor.page.locator("#palette").get_by_role("option", selected=True)
        ).to_contain_text("PAY-6")
        visitor.page.keyboard.press("Enter")

        visitor.page.wait_for_url("**/requests/PAY-6/")

    def test_goes_to_a_page_of_the_menu(self, visit: Visit) -> None:
        visitor = visit("viewer")
        visitor.go("/board/PAY/")

        _palette(visitor.page)
        visitor.page.keyboard.type("decis")
        expect(visitor.page.locator("#palette").get_by_role("option", selected=True)).to_have_text(
            "Decisions"
        )
        visitor.page.keyboard.press("Enter")

        visitor.page.wait_for_url("**/decisions/")

    def test_does_what_the_page_offers(self, visit: Visit) -> None:
        visitor = visit("product manager")
        visitor.go("/styleguide/")

        _palette(visitor.page)

        expect(visitor.page.get_by_role("option", name="One main action")).to_be_visible()

    def test_gives_the_focus_back(self, visit: Visit) -> None:
        visitor = visit("viewer")
        visitor.go("/")
        link = visitor.page.get_by_role("link", name="Board").first
        link.focus()

        _palette(visitor.page)
        visitor.page.keyboard.press("Escape")

        expect(link).to_be_focused()

    def test_opens_while_typing(self, visit: Visit) -> None:
        visitor = visit("viewer")
        visitor.go("/board/PAY/")
        visitor.page.get_by_role("searchbox").first.focus()

        _palette(visitor.page)


class TestKeys:
    def test_lead_to_rooms(self, visit: Visit) -> None:
        visitor = visit("viewer")
        visitor.go("/board/PAY/")

        visitor.page.keyboard.press("g")
        visitor.page.keyboard.press("h")

        visitor.page.wait_for_url(lambda url: url.endswith("/"))
        expect(visitor.page.get_by_role("heading", level=1)).to_contain_text("Hello")

    def test_lead_to_rooms_in_the_mode_of_hangul(self, visit: Visit) -> None:
        visitor = visit("viewer")
        visitor.go("/")

        visitor.page.evaluate(
            "for (const [key, code] of [['ㅎ', 'KeyG'], ['ㅠ', 'KeyB']])"
            " document.dispatchEvent(new KeyboardEvent('keydown', {key, code, bubbles: true}))"
        )

        visitor.page.wait_for_url("**/board/**")

    def test_are_off_while_typing(self, visit: Visit) -> None:
        visitor = visit("viewer")
        visitor.go("/board/PAY/")
        field = visitor.page.get_by_role("searchbox").first
        field.focus()

        visitor.page.keyboard.type("gh?")

        expect(field).to_have_value("gh?")

    @pytest.mark.parametrize("path", ["/", "/board/PAY/", "/admin/backlog/product/"])
    def test_are_listed_on_every_page(self, visit: Visit, path: str) -> None:
        visitor = visit("admin")
        visitor.go(path)

        visitor.page.keyboard.press("?")

        expect(visitor.page.get_by_role("dialog")).to_contain_text("Ctrl")
