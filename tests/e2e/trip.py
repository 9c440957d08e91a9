"""A way to something, with what it costs whoever goes it: clicks, keys, pages and bytes."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Locator, expect

from tests.e2e.visitor import Visitor

SETTLED: Final = 1_000
"""Milliseconds after which the palette has said what it finds for the letters so far."""


@dataclass
class Trip:
    """Begins on Home. `typed` are the words of answers, which no page can save anybody."""

    visitor: Visitor
    clicks: int = 0
    keys: int = 0
    typed: int = 0
    loads: int = 0
    bytes: int = 0

    def __post_init__(self) -> None:
        page = self.visitor.page
        self.visitor.go("/")
        page.on("domcontentloaded", self._load)
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        network.on("Network.loadingFinished", self._receive)

    def _load(self, _page: Any) -> None:
        self.loads += 1

    def _receive(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])

    def click(self, what: Locator) -> None:
        self.clicks += 1
        what.click()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.keys += 1
            self.visitor.page.keyboard.press(key)

    def find(self, words: str) -> None:
        """Words by which one looks for something: they count as keys."""
        self.keys += len(words)
        self.visitor.page.keyboard.type(words)

    def answer(self, words: str) -> None:
        self.typed += len(words)
        self.visitor.page.keyboard.type(words)

    def go(self, words: str, to: str = "") -> None:
        """By the palette, with so many letters of the words as are needed until it is meant."""
        self.press("Control+k")
        first = self.visitor.page.locator("#palette").get_by_role("option", selected=True)
        for n, letter in enumerate(words, 1):
            self.find(letter)
            with suppress(AssertionError):
                patience = SETTLED if n < len(words) else None
                expect(first).to_contain_text(to or words, ignore_case=True, timeout=patience)
                break
        expect(first).to_contain_text(to or words, ignore_case=True)
        self.press("Enter")

    def tab_to(self, selector: str, *, within: int = 60) -> None:
        for _ in range(within):
            self.press("Tab")
            if self.visitor.page.locator(":focus").evaluate("(it, to) => it.matches(to)", selector):
                return
        raise AssertionError(f"Tab does not come to {selector}")

    def sees(self, what: Locator) -> None:
        """Turns pages until it is in view."""
        expect(what).to_be_visible()
        while not what.evaluate(
            "it => { const {top, bottom} = it.getBoundingClientRect();"
            " return top < innerHeight && bottom > 0; }"
        ):
            assert self.keys < 100, "it is not below"
            self.press("PageDown")
            self.visitor.page.wait_for_timeout(150)
