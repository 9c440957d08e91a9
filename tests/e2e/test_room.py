"""The room of the meeting that is in session, in several browsers: nobody loads the page again."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import violations
from tests.e2e.conftest import Visit
from tests.e2e.visitor import PHONE, Visitor

pytestmark = pytest.mark.e2e

STAYS = "window.stays = true"
"""It would be gone, had the page been loaded anew."""
HAS_LEFT = re.compile("has left$")


def _enter(visitor: Visitor) -> Page:
    visitor.go("/meetings/")
    visitor.page.get_by_role("main").locator("a[href$='/room/']").first.click()
    expect(visitor.page.locator(".hb-quorum")).to_be_visible()
    visitor.page.evaluate(STAYS)
    return visitor.page


def _turn_to(page: Page, key: str) -> None:
    page.get_by_role("button", name=f"Turn to {key}").click()
    expect(page.get_by_role("button", name=f"Turn to {key}")).to_have_count(0)


def _propose(page: Page, words: str, button: str) -> None:
    page.locator("[name=proposal]").fill(words)
    page.get_by_role("button", name=button, exact=True).click()


def test_a_vote_is_seen_by_all_and_by_none_before_it_is_closed(visit: Visit) -> None:
    """Put to the vote, not carried, put in other words, carried, and recorded."""
    secretary, member = _enter(visit("secretary")), _enter(visit("council member", screen=PHONE))
    wall = _enter(visit("viewer"))
    _turn_to(secretary, "SHOP-26")
    for page in (member, wall):
        expect(page.locator("#room-item")).to_contain_text("SHOP-26")

    secretary.get_by_text("Put a proposal to the vote").click()
    _propose(secretary, "Sell on a date that the seller chooses.", "Open the vote")
    expect(member.get_by_text("Your answer for")).to_be_visible()
    member.get_by_label("Reason").fill("Too large for one sprint.")
    member.keyboard.press("Escape")
    member.get_by_role("button", name="no", exact=True).click()
    expect(secretary.get_by_text("has answered")).to_be_visible()
    for page in (secretary, wall):
        expect(page.get_by_text("Too large for one sprint.")).to_have_count(0)

    secretary.get_by_role("button", name="Close the vote").click()
    for page in (secretary, member, wall):
        expect(page.get_by_text("Too large for one sprint.")).to_be_visible()
        expect(page.get_by_text("not carried")).to_be_visible()

    secretary.get_by_text("Put it in other words").click()
    _propose(secretary, "Sell on a date, for ten sellers first.", "Ask everybody anew")
    expect(member.get_by_text("To the version before you said: no.")).to_be_visible()
    member.locator("h1").click()
    member.keyboard.press("1")
    expect(secretary.get_by_text("has answered")).to_be_visible()
    secretary.get_by_role("button", name="Close the vote").click()
    secretary.get_by_role("button", name="Record the decision").click()
    for page in (secretary, member, wall):
        expect(page.get_by_text("On record and sealed: approve.")).to_be_visible()
        assert page.evaluate("window.stays")


def _step_aside(member: Page, secretary: Page, wall: Page) -> None:
    member.get_by_text("I have a conflict of interest").click()
    member.get_by_label("Why").fill("We drew the old one.")
    member.get_by_role("button", name="Step aside").click()
    expect(secretary.get_by_text("has stepped aside")).to_be_visible()
    expect(wall.get_by_text("stepped aside:")).to_be_visible()


def _answer(member: Page, key: str) -> None:
    """By the key, in either language."""
    expect(member.locator(".hb-answer").first).to_be_visible()
    member.locator("h1").click()
    member.keyboard.press(key)


def test_four_members_run_an_item_to_its_decision_before_a_wall(visit: Visit) -> None:
    """In four sessions and on a screen in the room: a conflict, an objection, other words, a yes.

    Nobody loads a page, the wall names nobody, and no page has a fault that axe knows.
    """
    secretary, chair = _enter(visit("secretary")), _enter(visit("doyoon.jung"))
    support = _enter(visit("daon.yoon", "ko", screen=PHONE))
    design = _enter(visit("council member", screen=PHONE))
    screen = visit("viewer")
    screen.go(secretary.url.removeprefix(screen.site).replace("/room/", "/wall/"))
    wall = screen.page
    wall.evaluate(STAYS)
    secretary.get_by_role("button", name=re.compile("^Turn to .*단체 결제")).click()
    expect(wall.locator("h1")).to_contain_text("단체 결제")
    _step_aside(design, secretary, wall)

    secretary.get_by_text("Put a proposal to the vote").click()
    _propose(secretary, "Split a bill between friends.", "Open the vote")
    _answer(chair, "1")
    _answer(support, "3")
    expect(wall.get_by_text("2 of 5 have answered")).to_be_visible()
    secretary.get_by_role("button", name="Close the vote").click()
    expect(wall.get_by_text("not carried")).to_be_visible()

    secretary.get_by_text("Put it in other words").click()
    _propose(secretary, "Split a bill between two friends first.", "Ask everybody anew")
    expect(chair.get_by_text("To the version before you said: yes.")).to_be_visible()
    for member in (chair, support):
        _answer(member, "1")
    expect(wall.get_by_text("2 of 5 have answered")).to_be_visible()
    secretary.get_by_role("button", name="Close the vote").click()
    secretary.get_by_role("button", name="Record the decision").click()

    for page in (secretary, chair, design, wall):
        expect(page.get_by_text("On record and sealed: approve.")).to_be_visible()
    for page in (secretary, chair, support, design, wall):
        assert page.evaluate("window.stays")
        assert violations(page) == []
    for name in ("서하린", "정도윤", "윤다온", "임소율"):
        expect(wall.get_by_text(name)).to_have_count(0)


def test_a_quorum_is_lost_and_regained_before_everybodys_eyes(visit: Visit) -> None:
    secretary, wall = _enter(visit("secretary")), _enter(visit("viewer"))
    before = secretary.get_by_role("button", name=HAS_LEFT).count()
    gone = []
    while secretary.get_by_text("nothing can be put to the vote").count() == 0:
        button = secretary.get_by_role("button", name=HAS_LEFT).first
        name = str(button.get_attribute("aria-label")).removesuffix(" has left")
        gone.append(name)
        button.click()
        expect(secretary.get_by_role("button", name=f"{name} has left")).to_have_count(0)
    expect(wall.get_by_text("nothing can be put to the vote")).to_be_visible()

    for name in reversed(gone):
        secretary.get_by_role("button", name=f"{name} is there", exact=True).click()
        expect(secretary.get_by_role("button", name=f"{name} has left").first).to_be_visible()
    expect(wall.get_by_text("nothing can be put to the vote")).to_have_count(0)
    assert before >= len(gone) > 1
    assert wall.evaluate("window.stays")


def test_all_of_it_is_done_without_scripts_too(visit: Visit) -> None:
    member = visit("council member", scripts=False)
    member.go("/meetings/")
    member.follow("Go to the room")

    member.press("I am leaving")
    expect(member.page.get_by_role("button", name="I am there")).to_be_visible()
    member.press("I am there")
    expect(member.page.get_by_role("button", name="I am leaving")).to_be_visible()
