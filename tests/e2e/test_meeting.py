"""A meeting prepared in a browser: proposed, arranged by keys and dragging, never loaded anew."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.e2e import axe
from tests.e2e.conftest import Visit
from tests.e2e.visitor import PHONE, Language, Visitor

pytestmark = pytest.mark.e2e

ACTIONS = 12
"""So many, at most, are asked for."""


@dataclass
class Counted:
    """Every click and every key of theirs counts."""

    actions: int = 0

    def do(self, act: Callable[[], object]) -> None:
        self.actions += 1
        act()


def _plan(visitor: Visitor, title: str) -> str:
    """A meeting of ninety minutes a month after the one of the demonstration."""
    page = visitor.page
    visitor.go("/admin/council/meeting/add/")
    visitor.choose("council", "협의회")
    visitor.fill(title=title, starts_at_0="2096-03-10", starts_at_1="14:00", minutes="90")
    visitor.press("Save")
    visitor.go("/meetings/?ordering=-starts_at")
    page.get_by_role("link", name=title).click()
    expect(page.locator("#agenda")).to_be_visible()
    return page.url


def _titles(visitor: Visitor) -> list[str]:
    return visitor.page.locator(".hb-agenda-rows .hb-agenda-title").all_inner_texts()


@pytest.fixture
def secretary(visit: Visit) -> Visitor:
    return visit("secretary")


def test_a_ninety_minute_agenda_from_nothing_takes_few_actions(secretary: Visitor) -> None:
    _plan(secretary, "The whole of it")
    page, counted = secretary.page, Counted()
    page.evaluate("window.isTheSame = true")

    counted.do(lambda: page.keyboard.press("a"))
    expect(page.get_by_role("heading", name="What this meeting could take up")).to_be_visible()
    counted.do(lambda: page.get_by_role("button", name="Put the chosen on the agenda").click())

    expect(page.locator("#agenda-sum")).to_contain_text(re.compile(r"\b(8\d|90) of 90 minutes"))
    first, second, *_ = _titles(secretary)
    for _step in range(2):
        counted.do(lambda: page.keyboard.press("j"))
    counted.do(lambda: page.keyboard.press("u"))
    expect(page.locator(".hb-agenda-title").first).to_have_text(second)
    assert _titles(secretary)[1] == first
    assert counted.actions <= ACTIONS
    assert page.evaluate("window.isTheSame")


def test_items_are_added_edited_and_dragged_in_place(secretary: Visitor) -> None:
    _plan(secretary, "By hand")
    page = secretary.page
    page.evaluate("window.isTheSame = true")
    for title in ("One", "Two", "Three"):
        page.keyboard.press("/")
        page.keyboard.type(title)
        page.get_by_role("button", name=f"As a topic: {title}", exact=True).click()
        expect(page.locator(".hb-agenda-title", has_text=title)).to_be_visible()
        page.locator("[type=search]").first.blur()
        page.locator(".hb-meeting [type=search]").fill("")
        page.locator(".hb-meeting [type=search]").blur()

    rows = page.locator(".hb-agenda-rows > [data-item]")
    rows.nth(2).locator("time").drag_to(rows.nth(0), target_position={"x": 40, "y": 4})
    expect(page.locator(".hb-agenda-title").first).to_have_text("Three")
    rows.nth(0).locator("[name=minutes]").fill("40")
    rows.nth(0).locator("[name=minutes]").blur()
    expect(page.locator("#agenda-sum")).to_contain_text("60 of 90 minutes")
    rows.nth(0).locator("[name=kind]").select_option("workshop")
    expect(rows.nth(1).locator("time")).to_have_text("14:40")

    assert _titles(secretary) == ["Three", "One", "Two"]
    assert page.evaluate("window.isTheSame")


def test_a_member_proposes_and_reads_the_answer(secretary: Visitor, visit: Visit) -> None:
    address = _plan(secretary, "With members").removeprefix(secretary.site)
    member = visit("council member")
    member.go(address)
    member.page.locator(".hb-meeting [type=search]").fill("Coffee")
    member.page.get_by_role("button", name="As a topic: Coffee", exact=True).click()
    expect(member.page.get_by_text("waits for the secretary")).to_be_visible()

    secretary.go(address)
    secretary.page.locator("summary", has_text="Decline").click()
    secretary.page.get_by_placeholder("Why not?").fill("Ask the office.")
    secretary.page.get_by_role("button", name="Decline", exact=True).click()
    expect(secretary.page.get_by_text("1 proposal was declined")).to_be_visible()

    member.go(address)
    member.page.get_by_text("1 proposal was declined").click()
    expect(member.page.get_by_text("Ask the office.")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_what_is_open_in_place_is_for_everybody(visit: Visit, language: Language) -> None:
    secretary = visit("secretary", language, screen=PHONE)
    secretary.go("/meetings/")
    page = secretary.page
    page.get_by_role("link", name="4차 고객 협의회").click()

    page.locator("#propose").click()
    expect(page.locator("#take-proposals")).to_be_visible()
    page.locator(".hb-agenda-more > summary").first.click()
    page.locator(".hb-meeting [type=search]").fill("결제")
    expect(page.locator(".hb-agenda-found li")).to_have_count(8)

    assert axe.violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_all_of_it_works_without_scripts(visit: Visit) -> None:
    secretary = visit("secretary")
    address = _plan(secretary, "Without scripts").removeprefix(secretary.site)
    plain = visit("secretary", scripts=False)
    plain.go(address)
    page = plain.page

    page.get_by_role("link", name="Propose agenda").click()
    page.get_by_role("button", name="Put the chosen on the agenda").click()
    titles = page.locator(".hb-agenda-rows .hb-agenda-title")
    expect(titles.nth(1)).to_be_visible()
    second = titles.nth(1).inner_text()
    page.get_by_title("One place up").nth(1).click()
    expect(titles.first).to_have_text(second)
    page.locator("[name=minutes]").first.fill("25")
    page.get_by_role("button", name="Save").first.click()

    expect(page.locator("[name=minutes]").first).to_have_value("25")
