"""The board without a mouse."""

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.e2e


@pytest.fixture
def visitor(visit: Visit) -> Visitor:
    visitor = visit("product manager")
    visitor.go("/board/PAY/")
    return visitor


def _order(visitor: Visitor) -> list[str]:
    return visitor.page.locator(".hb-board-rows a > b").all_inner_texts()


def _focused(visitor: Visitor) -> Locator:
    return visitor.page.locator(".hb-board-rows > li:has(:focus) a > b")


class TestKeys:
    def test_move_a_request_and_take_the_move_back(self, visitor: Visitor) -> None:
        keyboard = visitor.page.keyboard
        first, second, third, *_ = _order(visitor)

        for key in "jjj":
            keyboard.press(key)
        keyboard.press("k")
        expect(_focused(visitor)).to_have_text(second)
        keyboard.press("d")
        expect(visitor.page.get_by_text(f"{second} is now number 3.")).to_be_visible()
        assert _order(visitor)[:3] == [first, third, second]
        expect(_focused(visitor)).to_have_text(second)
        keyboard.press("t")
        expect(visitor.page.get_by_text(f"{second} is now number 1.")).to_be_visible()
        keyboard.press("z")
        expect(visitor.page.get_by_text("It is back where it was.")).to_be_visible()
        keyboard.press("u")
        expect(visitor.page.get_by_text(f"{second} is now number 2.")).to_be_visible()

        assert _order(visitor)[:3] == [first, second, third]

    def test_search_and_open(self, visitor: Visitor) -> None:
        key = _order(visitor)[4]
        title = visitor.page.locator(".hb-board-rows a", has_text=f"{key} ").inner_text()

        visitor.page.keyboard.press("/")
        visitor.page.keyboard.type(title.removeprefix(key).strip())
        expect(visitor.page.locator(".hb-board-rows > li")).to_have_count(1)
        visitor.page.locator(":focus").blur()
        visitor.page.keyboard.press("j")
        visitor.page.keyboard.press("Enter")

        expect(visitor.page).to_have_url(f"{visitor.site}/requests/{key}/")

    def test_are_listed_and_the_list_is_closed_again(self, visitor: Visitor) -> None:
        keys = visitor.page.get_by_role("dialog", name="Keys")

        visitor.page.keyboard.press("?")
        expect(keys).to_be_visible()
        visitor.page.keyboard.press("Escape")

        expect(keys).to_be_hidden()


class TestButtons:
    def test_do_what_the_keys_do(self, visitor: Visitor) -> None:
        _, second, *_ = _order(visitor)
        row = visitor.page.locator(".hb-board-rows > li", has_text=f"{second} ")

        row.get_by_role("button", name="To the top").click()
        expect(visitor.page.get_by_text(f"{second} is now number 1.")).to_be_visible()
        visitor.page.get_by_role("button", name="Undo").click()
        expect(visitor.page.get_by_text("It is back where it was.")).to_be_visible()

        assert _order(visitor)[1] == second


def test_one_who_may_only_look_is_shown_no_buttons(visit: Visit) -> None:
    visitor = visit("viewer")
    visitor.go("/board/PAY/")

    expect(visitor.page.locator(".hb-board-rows > li").first).to_be_visible()
    expect(visitor.page.locator("[formaction]")).to_have_count(0)
