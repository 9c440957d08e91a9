"""Makes the pictures of the guides anew: `make screenshots`.

Builds the demonstration company in a folder of its own, serves it, and looks at it with Chromium
(CHROMIUM points to it where it is not /usr/bin/chromium).
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PORT = 8765
SITE = f"http://localhost:{PORT}"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SCREENS = {"desktop": (1440, 900), "phone": (360, 740)}
TALLEST = 2200
QUESTIONS = {"en": "Did this solve it?", "ko": "문제가 해결되었나요?"}


@dataclass(frozen=True)
class Shot:
    """A page, and what it is called in the file's name."""

    name: str
    path: str


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="hearback-pictures-") as folder:
        data = Path(folder)
        with served(data), sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
            )
            state = sign_in(browser, data)
            for language in ("ko", "en"):
                for screen in SCREENS:
                    take(browser, language, screen, state, shots(data, language))


@contextmanager
def served(data: Path) -> Iterator[None]:
    environment = {**os.environ, "DATA_DIR": str(data), "PORT": str(PORT)}
    demo = subprocess.Popen([sys.executable, "manage.py", "demo"], cwd=ROOT, env=environment)
    try:
        deadline = time.monotonic() + 180
        while not is_answering():
            if demo.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("The demo did not start.")
            time.sleep(0.5)
        yield
    finally:
        demo.terminate()
        demo.wait(timeout=60)


def is_answering() -> bool:
    try:
        with urlopen(f"{SITE}/healthz", timeout=2):
            return True
    except OSError:
        return False


def sign_in(browser: Browser, data: Path) -> dict[str, object]:
    """The cookies of the product manager, who sees all that the pictures show."""
    lines = (data / "demo-sign-ins.txt").read_text(encoding="utf-8").splitlines()
    _, email, password, _ = next(
        line.split("\t") for line in lines if line.startswith("product manager")
    )
    page = browser.new_page(locale="ko")
    page.goto(f"{SITE}/admin/login/")
    page.fill("input[name=username]", email)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url(f"{SITE}/")
    return dict(page.context.storage_state())


def shots(data: Path, language: str) -> list[Shot]:
    letter = newest_letter(data, language)
    link = re.search(r"/heard/[^\s\"<>]+", text_of(letter))
    assert link is not None
    return [
        Shot("home", "/"),
        Shot("board", "/board/PAY/"),
        Shot("request", "/requests/PAY-2/"),
        Shot("mail", f"/mailbox/{letter.stem}/html/"),
        Shot("answer", link.group()),
    ]


def newest_letter(data: Path, language: str) -> Path:
    """The newest letter in this language that asks whether it was solved."""
    for path in sorted((data / "mailbox").glob("*.eml"), reverse=True):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        if mail["Content-Language"] == language and QUESTIONS[language] in text_of(path):
            return path
    raise SystemExit(f"No letter in {language} asks anything.")


def text_of(letter: Path) -> str:
    mail = message_from_bytes(letter.read_bytes(), policy=policy.default)
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def take(
    browser: Browser, language: str, screen: str, state: dict[str, object], wanted: list[Shot]
) -> None:
    width, height = SCREENS[screen]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale=language,
        storage_state=state,  # type: ignore[arg-type]  # as Playwright gave it
    )
    context.add_cookies([{"name": "django_language", "value": language, "url": SITE}])
    page = context.new_page()
    for shot in wanted:
        answer = page.goto(SITE + shot.path)
        assert answer is not None
        assert answer.ok, f"{shot.path}: {answer.status}"
        page.wait_for_timeout(300)
        snap(page, HERE / f"{shot.name}-{language}-{screen}.png", width, height)
    context.close()


def snap(page: Page, path: Path, width: int, height: int) -> None:
    """The whole page, cut where it gets long."""
    whole = int(page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": width, "height": max(height, min(whole, TALLEST))})
    page.wait_for_timeout(100)
    page.screenshot(path=path)
    page.set_viewport_size({"width": width, "height": height})


if __name__ == "__main__":
    main()
