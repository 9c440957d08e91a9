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


def _row(visitor: Visitor, key: str) -> Locator:
    """By its whole key: PAY-1 is not PAY-12."""
    return visitor.page.locator(f".hb-board-rows > li:has(#{key})")


def _said(visitor: Visitor) -> Locator:
    """What the page says beside the rows; the announcer repeats it to who does not see it."""
    return visitor.page.locator("#board-said")


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
        expect(_said(visitor)).to_contain_text(f"{second} is now number 3.")
        assert _order(visitor)[:3] == [first, third, second]
        expect(_focused(visitor)).to_have_text(second)
        keyboard.press("t")
        expect(_said(visitor)).to_contain_text(f"{second} is now number 1.")
        keyboard.press("z")
        expect(_said(visitor)).to_contain_text("It is back where it was.")
        keyboard.press("u")
        expect(_said(visitor)).to_contain_text(f"{second} is now number 2.")

        assert _order(visitor)[:3] == [first, second, third]

    def test_search_and_open(self, visitor: Visitor) -> None:
        key = _order(visitor)[4]
        title = visitor.page.locator(f"#{key}").inner_text()

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


class TestHolding:
    def test_a_row_is_moved_by_keys_and_put_back(self, visitor: Visitor) -> None:
        keyboard, said = visitor.page.keyboard, visitor.page.locator("#announcer")
        first, second, third, *_ = _order(visitor)

        for key in "jj":
            keyboard.press(key)
        keyboard.press("Space")
        expect(said).to_contain_text(f"{second} is held, at number 2.")
        keyboard.press("ArrowDown")
        expect(said).to_have_text(f"{second} is at number 3.")
        keyboard.press("Escape")
        expect(said).to_have_text(f"{second} is back where it was.")
        assert _order(visitor)[:3] == [first, second, third]
        keyboard.press("Space")
        keyboard.press("j")
        keyboard.press("Enter")
        expect(said).to_contain_text(f"{second} is now number 3.")
        expect(_focused(visitor)).to_have_text(second)
        keyboard.press("z")
        expect(said).to_contain_text("It is back where it was.")

        assert _order(visitor)[:3] == [first, second, third]


class TestDragging:
    def test_shows_in_another_window_and_is_undone(self, visitor: Visitor, visit: Visit) -> None:
        colleague = visit("viewer")
        colleague.go("/board/PAY/")
        first, second, third, fourth, *_ = _order(visitor)

        _drag(visitor, fourth, above=third)
        expect(_said(visitor)).to_contain_text(f"{fourth} is now number 3.")
        seen = colleague.page.locator(".hb-board-rows > li a > b").nth(2)
        expect(seen).to_have_text(fourth, timeout=4000)
        visitor.page.get_by_role("button", name="Undo").click()
        expect(seen).to_have_text(third, timeout=4000)

        assert _order(visitor)[:4] == [first, second, third, fourth]

    def test_is_given_up_by_escape(self, visitor: Visitor) -> None:
        before = _order(visitor)

        _drag(visitor, before[3], above=before[2], let_go=False)
        expect(visitor.page.locator(".hb-ghost")).to_have_text(before[3])
        visitor.page.keyboard.press("Escape")
        visitor.page.mouse.up()

        expect(visitor.page.locator(".hb-ghost")).to_have_count(0)
        assert _order(visitor) == before

    def test_several_go_to_a_number_together(self, visitor: Visitor) -> None:
        before = _order(visitor)

        for key in before[4:6]:
            _row(visitor, key).get_by_role("checkbox").check()
        visitor.page.get_by_label("Move those chosen to number").fill("4")
        visitor.page.keyboard.press("Enter")
        expect(_said(visitor)).to_contain_text("1 other moved with it.")
        assert _order(visitor)[3:6] == [before[4], before[5], before[3]]
        visitor.page.keyboard.press("Escape")
        visitor.page.get_by_role("button", name="Undo").click()
        expect(_said(visitor)).to_contain_text("It is back where it was.")

        assert _order(visitor) == before


def _drag(visitor: Visitor, key: str, *, above: str, let_go: bool = True) -> None:
    mouse = visitor.page.mouse
    grip = _row(visitor, key).locator("xpath=span[1]/b").bounding_box()
    target = _row(visitor, above).bounding_box()
    assert grip is not None
    assert target is not None
    mouse.move(grip["x"] + 4, grip["y"] + 8)
    mouse.down()
    mouse.move(grip["x"] + 4, target["y"] + 6, steps=6)
    if let_go:
        mouse.up()


class TestEditing:
    def test_by_keys_at_the_row_and_back(self, visitor: Visitor) -> None:
        keyboard, page = visitor.page.keyboard, visitor.page
        key = _order(visitor)[1]

        for each in "jje":
            keyboard.press(each)
        expect(page.locator("#edit-owner")).to_be_focused()
        keyboard.press("Escape")
        expect(page.locator("#editor")).to_have_count(0)
        expect(_focused(visitor)).to_have_text(key)
        keyboard.press("e")
        expect(page.locator("#edit-owner")).to_be_focused()
        page.locator("#edit-review_on").fill("2027-03-04")
        keyboard.press("Enter")
        expect(_said(visitor)).to_contain_text(f"{key} was changed.")
        expect(_focused(visitor)).to_have_text(key)
        keyboard.press("z")

        expect(_said(visitor)).to_contain_text("It is as it was.")

    def test_of_several_asks_why_the_council_is_overridden(self, visitor: Visitor) -> None:
        page = visitor.page
        for key in _order(visitor)[:2]:
            _row(visitor, key).get_by_role("checkbox").check()
        page.get_by_role("button", name="Edit those chosen").click()
        page.locator("#edit-status").select_option("deferred")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#edit-reason")).to_be_focused()
        page.locator("#edit-reason").fill("After the summer.")
        page.keyboard.press("Enter")
        expect(_said(visitor)).to_contain_text("2 requests were changed.")
        page.get_by_role("button", name="Undo").click()

        expect(_said(visitor)).to_contain_text("It is as it was.")

    def test_by_a_click_on_what_is_to_change(self, visitor: Visitor) -> None:
        row = visitor.page.locator(".hb-board-rows > li").first

        row.locator(".hb-pill").first.click()

        expect(visitor.page.locator("#edit-status")).to_be_focused()


class TestSorting:
    def test_shows_what_moves_sorts_and_is_undone(self, visitor: Visitor) -> None:
        before, page = _order(visitor), visitor.page

        page.get_by_role("button", name="Sort by priority").click()
        page.get_by_role("link", name="Sort these, too").click()
        expect(page.get_by_role("table")).to_contain_text(before[0])
        page.get_by_role("button", name="Sort", exact=True).click()
        expect(page.locator("#board-said")).to_contain_text("is now number")
        assert _order(visitor) != before
        page.get_by_role("button", name="Undo").click()
        expect(_said(visitor)).to_contain_text("It is back where it was.")

        assert _order(visitor) == before


class TestViews:
    def test_keep_columns_and_filters(self, visitor: Visitor) -> None:
        page = visitor.page
        page.get_by_role("link", name="More filters, columns").click()
        page.get_by_label("Days without word").fill("30")
        page.get_by_label("Review on").check()
        heads = page.locator(".hb-board-columns")
        expect(heads).to_contain_text("Review on")
        page.get_by_text("Keep as a view").click()
        page.get_by_label("Name of the view").fill("Waiting")
        page.keyboard.press("Enter")
        view = page.get_by_role("navigation", name="Views").get_by_role("link", name="Waiting")
        expect(view).to_have_attribute("aria-current", "page")
        page.get_by_role("button", name="Forget the view").click()

        expect(view).to_have_count(0)


class TestButtons:
    def test_do_what_the_keys_do(self, visitor: Visitor) -> None:
        _, second, *_ = _order(visitor)
        row = _row(visitor, second)

        row.get_by_role("button", name="To the top").click()
        expect(_said(visitor)).to_contain_text(f"{second} is now number 1.")
        visitor.page.get_by_role("button", name="Undo").click()
        expect(_said(visitor)).to_contain_text("It is back where it was.")

        assert _order(visitor)[1] == second


def test_one_who_may_only_look_is_shown_no_buttons(visit: Visit) -> None:
    visitor = visit("viewer")
    visitor.go("/board/PAY/")

    expect(visitor.page.locator(".hb-board-rows > li").first).to_be_visible()
    expect(visitor.page.locator("[formaction]")).to_have_count(0)
