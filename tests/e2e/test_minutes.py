"""From a series to what was promised in it: held, put in minutes, mailed, done and accepted."""

import re
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import violations
from tests.e2e.conftest import Visit
from tests.e2e.visitor import Demo, Visitor
from tests.services.conftest import eventually

pytestmark = pytest.mark.e2e

SEOUL = ZoneInfo("Asia/Seoul")
TITLE, PROMISE = "A circle for refunds", "Ask the bank for its schedule"
MAILED_WITHIN = 60
"""Seconds from the approval: a meeting's minutes are out before people have left the room."""


def _start_series(secretary: Visitor) -> None:
    """Weekly, from today on; the second meeting is moved to the day after."""
    page, soon = secretary.page, datetime.now(SEOUL) + timedelta(minutes=20)
    secretary.go("/councils/")
    page.get_by_role("main").get_by_role("link", name="고객 이야기 모임").first.click()
    secretary.follow("New series")
    secretary.fill(title=TITLE, starts_on=f"{soon:%Y-%m-%d}", starts_at=f"{soon:%H:%M}")
    secretary.fill(time_zone="Asia/Seoul", minutes="30")
    page.locator("[name=repeats]").select_option("weekly")
    secretary.press("Save")
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()

    second = page.locator("#coming-title").locator("xpath=../..").locator("li").nth(1)
    second.get_by_text("Move or skip it").click()
    moved = (soon + timedelta(days=8)).strftime("%Y-%m-%dT%H:%M")
    second.locator("[name=starts_at]").fill(moved)
    second.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_text("moved", exact=True)).to_have_count(1)


def _hold(secretary: Visitor) -> str:
    """The first of them, with two members there; what is promised in it is put on record."""
    page = secretary.page
    page.locator("#coming-title").locator("xpath=../..").get_by_role("link").first.click()
    meeting = page.url.removeprefix(secretary.site)
    secretary.go(f"{meeting}room/")
    for name in ("윤다온", "임소율"):
        page.get_by_role("button", name=f"{name} is there").click()
        expect(page.get_by_role("button", name=f"{name} has left")).to_be_visible()
    secretary.press("Open the meeting")
    expect(page.get_by_text("End the meeting")).to_be_visible()
    secretary.go("/admin/council/actionitem/add/")
    secretary.choose("council", "고객 이야기 모임")
    secretary.fill(title=PROMISE, due_on=f"{datetime.now(SEOUL) + timedelta(days=7):%Y-%m-%d}")
    secretary.choose("owner", "윤다온")
    secretary.press("Save")
    page.wait_for_url(lambda url: not url.endswith("/add/"))
    secretary.go(f"{meeting}room/")
    page.get_by_text("End the meeting").click()
    secretary.press("End it now")
    expect(page.get_by_role("link", name="Minutes", exact=True).first).to_be_visible()
    return meeting


def _approve(visitor: Visitor, meeting: str) -> None:
    visitor.go(f"{meeting}minutes/")
    visitor.press("They are right: approve")
    expect(visitor.page.get_by_role("button", name="They are right")).to_have_count(0)


def _has_minutes(path: Path, words: str) -> bool:
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = mail.get_body(("plain",))
    return body is not None and words in body.get_content() and TITLE in body.get_content()


def _press_in_list(page: Page, key: str, title: str) -> None:
    page.get_by_role("link", name=title).focus()
    page.keyboard.press(key)


def _amend(secretary: Visitor, support: Visitor, meeting: str) -> None:
    secretary.go(f"{meeting}minutes/")
    secretary.press("Give to those who were there")
    expect(secretary.page.get_by_text("Where nobody objects")).to_be_visible()
    support.go(f"{meeting}minutes/")
    support.page.get_by_text("Propose an amendment").click()
    support.fill(text="We also spoke about holidays.")
    support.press("Propose it")
    expect(support.page.get_by_text("We also spoke about holidays.")).to_be_visible()
    secretary.go(f"{meeting}minutes/")
    secretary.press("Accept")
    expect(secretary.page.locator("article")).to_contain_text("We also spoke about holidays.")


def _claim(support: Visitor) -> None:
    """By keys, and without the page being loaded anew."""
    page = support.page
    support.go("/action-items/")
    page.evaluate("window.stays = true")
    _press_in_list(page, "c", PROMISE)
    page.locator("[name=evidence]").fill("It came by mail.")
    page.locator("[name=link]").fill("https://wiki.example.com/refunds")
    support.press("Say that it is done")
    expect(page.locator("[data-said]", has_text="On record as done.")).to_be_visible()
    assert page.evaluate("window.stays")


def _accept(design: Visitor) -> None:
    """Taken back once, and then for good."""
    page = design.page
    design.go("/action-items/")
    page.get_by_role("link", name="To accept").click()
    for key, said in (("v", "Accepted as done."), ("u", "Taken back."), ("v", "Accepted as done.")):
        _press_in_list(page, key, PROMISE)
        expect(page.locator("[data-said]", has_text=said)).to_be_visible()


def test_what_was_said_gets_done(visit: Visit, demo: Demo) -> None:
    secretary, support, design = visit("secretary"), visit("daon.yoon"), visit("soyul.lim")
    _start_series(secretary)
    meeting = _hold(secretary)
    _amend(secretary, support, meeting)
    before = demo.mails()
    _approve(support, meeting)
    _approve(design, meeting)
    expect(design.page.get_by_text(re.compile(r"Minutes no\. \d+")).first).to_be_visible()
    assert "We also spoke about holidays." in design.text()
    assert eventually(
        lambda: any(_has_minutes(path, "Hearback-Ledger") for path in demo.mails() - before),
        seconds=MAILED_WITHIN,
    )

    _claim(support)
    _accept(design)
    design.page.get_by_role("link", name=PROMISE).click()
    expect(design.page.get_by_role("heading", name=PROMISE)).to_be_visible()
    assert "https://wiki.example.com/refunds" in design.text()
    assert violations(design.page) == []
