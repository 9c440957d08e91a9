"""The demonstration company in processes of its own, and browsers to visit it with.

It is built once for all tests here, which takes a while: each makes the rows that it changes.
"""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, StorageState, ViewportSize, expect, sync_playwright

from tests.e2e.addresses import Addresses, find
from tests.e2e.visitor import DESKTOP, PHONE, Demo, Language, Scheme, Visitor
from tests.services.conftest import ROOT, eventually

PATIENCE = 600
"""Seconds for the company to be built, on a machine that has other things to do."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class Visit(Protocol):
    def __call__(
        self,
        role: str = "",
        language: Language = "en",
        *,
        screen: ViewportSize = DESKTOP,
        scheme: Scheme = "light",
        scripts: bool = True,
        large_letters: bool = False,
    ) -> Visitor: ...


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """As `make demo` runs it. What went wrong inside of it fails the last test."""
    folder, port = tmp_path_factory.mktemp("demo"), _free_port()
    keep = {"PATH", "LANG", "VIRTUAL_ENV"}
    environment = {
        **{name: value for name, value in os.environ.items() if name in keep},
        "DATA_DIR": str(folder),
        "HOME": str(folder),
        "PORT": str(port),
    }
    log = folder / "demo.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
        )
    site = f"http://localhost:{port}"
    try:
        eventually(lambda: _answers(site) or process.poll() is not None, seconds=PATIENCE)
        assert process.poll() is None, log.read_text(encoding="utf-8")
        yield Demo(site, folder)
    finally:
        process.terminate()
        process.wait(timeout=60)
    for each in (folder / "logs").glob("*.log"):
        assert "Traceback" not in each.read_text(encoding="utf-8"), each


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _answers(site: str) -> bool:
    with suppress(OSError), urlopen(f"{site}/healthz", timeout=2):
        return True
    return False


@pytest.fixture(scope="session")
def chromium() -> Iterator[Callable[..., Browser]]:
    """Starts it, with further arguments."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None or not Path(found).exists():
        pytest.skip("needs Chromium: install it, or set CHROMIUM to where it is")
    expect.set_options(timeout=30_000)
    always = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        yield lambda *more: playwright.chromium.launch(executable_path=found, args=[*always, *more])


@pytest.fixture(scope="session")
def browser(chromium: Callable[..., Browser]) -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def browser_of_large_letters(chromium: Callable[..., Browser]) -> Iterator[Browser]:
    """Whose owner has set letters to twice their size."""
    with chromium("--blink-settings=defaultFontSize=32") as started:
        yield started


@pytest.fixture(scope="session")
def keys(demo: Demo, browser: Browser) -> dict[str, StorageState]:
    """What a browser keeps of those who have signed in, by role."""
    return {}


@pytest.fixture(scope="session")
def addresses(demo: Demo, browser: Browser, keys: dict[str, StorageState]) -> Addresses:
    """Of every page that the administrator of the demonstration can open."""
    keys.setdefault("admin", _sign_in(browser, demo, "admin"))
    with browser.new_context(storage_state=keys["admin"], locale="en") as context:
        return find(context.request, demo.site)


@pytest.fixture
def visit(
    demo: Demo,
    browser: Browser,
    keys: dict[str, StorageState],
    request: pytest.FixtureRequest,
) -> Iterator[Visit]:
    """Opens a browser for somebody; at the end of the test it must have nothing to complain of."""
    visitors = list[Visitor]()

    def opened(
        role: str = "",
        language: Language = "en",
        *,
        screen: ViewportSize = DESKTOP,
        scheme: Scheme = "light",
        scripts: bool = True,
        large_letters: bool = False,
    ) -> Visitor:
        if role and role not in keys:
            keys[role] = _sign_in(browser, demo, role)
        opens = request.getfixturevalue("browser_of_large_letters") if large_letters else browser
        context = opens.new_context(
            viewport=screen,
            is_mobile=screen == PHONE,
            has_touch=screen == PHONE,
            locale=language,
            color_scheme=scheme,
            timezone_id="Asia/Seoul",
            storage_state=keys.get(role),
            java_script_enabled=scripts,
        )
        context.add_cookies([{"name": "django_language", "value": language, "url": demo.site}])
        context.set_default_timeout(30_000)
        visitors.append(Visitor(context.new_page(), demo.site))
        return visitors[-1]

    yield opened
    for visitor in visitors:
        visitor.page.context.close()
    assert [words for visitor in visitors for words in visitor.complaints] == []


def _sign_in(browser: Browser, demo: Demo, role: str) -> StorageState:
    email, password = demo.sign_in(role)
    with browser.new_context(locale="en") as context:
        page = context.new_page()
        page.goto(f"{demo.site}/")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(f"{demo.site}/")
        return context.storage_state()
