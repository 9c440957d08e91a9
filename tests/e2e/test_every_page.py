"""What holds for every page there is: it fits, can be heard and read, and is translated."""

from pathlib import Path

import pytest
from playwright.sync_api import ViewportSize

from tests.e2e import axe
from tests.e2e.addresses import Addresses
from tests.e2e.conftest import Visit
from tests.e2e.visitor import DESKTOP, PHONE, Demo, Language, Visitor, read_mail

pytestmark = pytest.mark.e2e

HERE = Path(__file__).parent
CHECKS, CONTRAST, ENGLISH, CLIPPED = (
    (HERE / f"{name}.js").read_text(encoding="utf-8")
    for name in ("checks", "contrast", "english", "clipped")
)
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"
OF_CUSTOMERS = ("/heard/", "/unsubscribe/", "/own-data/")
"""These speak the language of the customer, whatever the browser's is."""
NARROW: ViewportSize = {"width": 320, "height": 640}


def _customers_pages(demo: Demo, language: Language) -> list[str]:
    """Behind the links in the oldest letter in this language."""
    mails = (read_mail(path, demo) for path in sorted(demo.mails()))
    mail = next(mail for mail in mails if mail.language == language)
    return [mail.heard, mail.unsubscribe]


def _wrong(visitor: Visitor, language: str) -> list[str]:
    """What is to be mended of the page that one looks at, in words."""
    page = visitor.page
    if page.url.removeprefix(visitor.site).startswith(OF_CUSTOMERS):
        language = page.evaluate("document.documentElement.lang")
    untranslated = page.evaluate(ENGLISH) if language == "ko" else []
    wrong = [*page.evaluate(CHECKS, language), *page.evaluate(CONTRAST), *axe.violations(page)]
    page.emulate_media(color_scheme="dark")
    dark = [*page.evaluate(CONTRAST), *axe.faint(page)]
    page.emulate_media(color_scheme="light")
    return [*wrong, *untranslated, *(f"dark: {words}" for words in dark)]


def _too_wide(visitor: Visitor) -> list[str]:
    here = visitor.page.viewport_size
    assert here is not None
    visitor.page.set_viewport_size(NARROW)
    pixels = visitor.page.evaluate(TOO_WIDE)
    visitor.page.set_viewport_size(here)
    return [f"{pixels} px too wide for {NARROW['width']}"] if pixels > 0 else []


def test_every_page_is_known(addresses: Addresses) -> None:
    """Where no link leads, `addresses.py` says where to start, or why nothing is found."""
    assert addresses.missing == set()


@pytest.mark.parametrize("language", ["en", "ko"])
class TestEveryPage:
    @pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desk", "phone"])
    def test_of_colleagues_is_sound_in_both_themes(
        self, visit: Visit, addresses: Addresses, language: Language, screen: ViewportSize
    ) -> None:
        visitor = visit("admin", language, screen=screen)
        wrong = {}

        for path in addresses.found:
            visitor.go(path)
            wrong[path] = _wrong(visitor, language)
            wrong[path] += _too_wide(visitor) if screen == PHONE else []

        assert {path: words for path, words in wrong.items() if words} == {}

    def test_is_read_with_letters_twice_their_size(
        self, visit: Visit, addresses: Addresses, language: Language
    ) -> None:
        visitor = visit("admin", language, large_letters=True)
        wrong = {}

        for path in addresses.found:
            visitor.go(path)
            wrong[path] = visitor.page.evaluate(CLIPPED)

        assert visitor.page.evaluate("getComputedStyle(document.body).fontSize") != "16px"
        assert {path: words for path, words in wrong.items() if words} == {}

    def test_of_customers_is_sound_in_both_themes(
        self, visit: Visit, demo: Demo, language: Language
    ) -> None:
        visitor = visit(language=language, screen=PHONE)

        for path in [*_customers_pages(demo, language), "/admin/login/", "/password/"]:
            visitor.go(path)
            assert [*_wrong(visitor, language), *_too_wide(visitor)] == [], path


class TestTheShell:
    def test_speaks_another_language_when_asked_by_keys_alone(self, visit: Visit) -> None:
        visitor = visit("viewer")
        page = visitor.page
        visitor.go("/board/")
        here = page.url

        menu = page.locator("summary", has_text="@nuri.example.com")
        menu.press("Enter")
        page.get_by_role("button", name="한국어").press("Enter")

        page.wait_for_selector("html[lang=ko]")
        assert page.url == here
        visitor.go("/")
        assert "다음 회의" in visitor.text()

    def test_lets_one_skip_the_navigation(self, visit: Visit) -> None:
        visitor = visit("viewer")
        visitor.go("/admin/backlog/sprint/")

        visitor.page.keyboard.press("Tab")
        assert visitor.page.locator(":focus").inner_text() == "Skip to the content"
        visitor.page.keyboard.press("Enter")
        visitor.page.keyboard.press("Tab")

        assert visitor.page.locator("main :focus").count() == 1

    @pytest.mark.parametrize("path", ["/", "/board/PAY/", "/requests/PAY-2/"])
    def test_shows_where_the_focus_is(self, visit: Visit, path: str) -> None:
        visitor = visit("product manager")
        visitor.go(path)
        visitor.page.locator("main").focus()

        for _ in range(12):
            visitor.page.keyboard.press("Tab")
            outline = visitor.page.locator(":focus").evaluate(
                "element => getComputedStyle(element).outlineStyle"
            )
            assert outline != "none", visitor.page.locator(":focus").evaluate("it => it.outerHTML")

    @pytest.mark.parametrize("path", ["/", "/board/PAY/", "/requests/PAY-2/"])
    def test_is_read_without_scripts(self, visit: Visit, path: str) -> None:
        visitor = visit("viewer", scripts=False)
        visitor.go(path)

        assert visitor.page.get_by_role("heading", level=1).is_visible()
        assert "PAY-" in visitor.text()
