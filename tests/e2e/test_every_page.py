"""What holds for every page on a phone: it fits, can be heard and read, and is translated."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import Visit
from tests.e2e.visitor import DESKTOP, PHONE, Demo, Language, Scheme, Visitor, read_mail

pytestmark = pytest.mark.e2e

HERE = Path(__file__).parent
CHECKS, CONTRAST, ENGLISH = (
    (HERE / f"{name}.js").read_text(encoding="utf-8") for name in ("checks", "contrast", "english")
)
OWN = (
    "/board/SHOP/",
    "/requests/PAY-2/",
    "/requests/SHOP-25/",
    "/meetings/4/",
    "/meetings/4/proposals/",
    "/councils/1/",
    "/status-updates/1/announce/",
    "/messages/decided_no/ko/",
    "/admin/password_change/",
)
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"
FIRST_ROW = "main a[href*='/change/']"
ADD = "a[href$='/add/']"


def _pages(visitor: Visitor) -> Iterator[str]:
    """Goes to each page that the navigation leads to, to its first row, and to its empty form."""
    page = visitor.page
    visitor.go("/")
    rooms = _links(visitor, "#nav-sidebar a[href^='/']")
    beside = []
    for room in rooms:
        visitor.go(room)
        beside += _links(visitor, ".hb-room a, .hb-settings a")
    for path in dict.fromkeys([*rooms, *beside, *OWN]):
        visitor.go(path)
        yield path
        further = [page.locator(found).first for found in (FIRST_ROW, ADD)]
        leads = [each.get_attribute("href") for each in further if each.count()]
        for lead in filter(None, leads):
            visitor.go(lead if lead.startswith("/") else f"{path.partition('?')[0]}{lead}")
            yield lead


def _links(visitor: Visitor, found: str) -> list[str]:
    links = [each.get_attribute("href") for each in visitor.page.locator(found).all()]
    return [link for link in links if link]


def _customers_pages(demo: Demo, language: Language) -> list[str]:
    """Behind the links in the oldest letter in this language."""
    mails = (read_mail(path, demo) for path in sorted(demo.mails()))
    mail = next(mail for mail in mails if mail.language == language)
    return [mail.heard, mail.unsubscribe]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ko"])
class TestEveryPage:
    def test_of_colleagues_is_sound(self, visit: Visit, language: Language, scheme: Scheme) -> None:
        visitor = visit("admin", language, screen=PHONE, scheme=scheme)

        wrong = {path: _wrong(visitor, language) for path in _pages(visitor)}

        assert len(wrong) > 60, "the navigation leads to more pages than this"
        assert {path: words for path, words in wrong.items() if words} == {}

    def test_of_customers_is_sound(
        self, visit: Visit, demo: Demo, language: Language, scheme: Scheme
    ) -> None:
        visitor = visit(language=language, screen=PHONE, scheme=scheme)

        for path in [*_customers_pages(demo, language), "/admin/login/"]:
            visitor.go(path)
            assert _wrong(visitor, language) == []


def _wrong(visitor: Visitor, language: Language) -> list[str]:
    evaluate = visitor.page.evaluate
    untranslated = evaluate(ENGLISH) if language == "ko" else []
    return [*evaluate(CHECKS, language), *evaluate(CONTRAST), *untranslated]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_page_fits_a_desk(visit: Visit, language: Language) -> None:
    visitor = visit("admin", language, screen=DESKTOP)

    wide = {path: visitor.page.evaluate(TOO_WIDE) for path in _pages(visitor)}

    assert len(wide) > 60, "the navigation leads to more pages than this"
    assert {path: pixels for path, pixels in wide.items() if pixels > 0} == {}


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
