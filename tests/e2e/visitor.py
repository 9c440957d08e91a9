"""Somebody at a browser, and the demonstration that they visit."""

from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Literal

from playwright.sync_api import ConsoleMessage, Page, Request, ViewportSize

Language = Literal["en", "ko"]
Scheme = Literal["dark", "light"]

DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}


@dataclass(frozen=True)
class Demo:
    """A company in real processes: its address, and the folder with its mail and its logs."""

    site: str
    folder: Path

    def sign_in(self, role: str) -> tuple[str, str]:
        """The address and the password of whoever has this role first, or goes by this name."""
        lines = (self.folder / "demo-sign-ins.txt").read_text(encoding="utf-8").splitlines()
        email, password, _ = next(
            rest
            for known, *rest in (line.split("\t") for line in lines)
            if role in (known, rest[0].partition("@")[0])
        )
        return email, password

    def mails(self) -> set[Path]:
        return set((self.folder / "mailbox").glob("*.eml"))


@dataclass
class Visitor:
    """What they do with a page. `complaints` is what the browser had to say about it."""

    page: Page
    site: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.complain(str(error)))
        self.page.on("console", self._hear)
        self.page.on("request", self._see)

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            self.complain(said.text)

    def _see(self, asked: Request) -> None:
        if not asked.url.startswith((self.site, "data:")):
            self.complain(f"asked another host: {asked.url}")

    def complain(self, words: str) -> None:
        self.complaints.append(f"{self.page.url}: {words}")

    def go(self, path: str) -> None:
        answer = self.page.goto(f"{self.site}{path}")
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"

    def follow(self, name: str) -> None:
        """A link in what the page is about, not in the navigation beside it."""
        self.page.get_by_role("main").get_by_role("link", name=name).first.click()

    def step(self, name: str) -> None:
        """One of the steps above the page of a row."""
        self.page.get_by_role("list").get_by_role("link", name=name, exact=False).first.click()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def fill(self, **answers: str) -> None:
        for name, words in answers.items():
            self.page.locator(f"[name={name}]").fill(words)

    def choose(self, name: str, words: str) -> None:
        """In a field that searches as one types."""
        self.page.locator(f"#id_{name} + .select2").click()
        self.page.locator(".select2-dropdown .select2-search__field").fill(words)
        self.page.locator(".select2-results__option", has_text=words).first.click()

    def text(self) -> str:
        return self.page.get_by_role("main").inner_text()


@dataclass(frozen=True)
class Mail:
    """What a customer got: its words, and the paths of the links in it."""

    to: str
    language: str
    words: str
    heard: str
    unsubscribe: str


def read_mail(path: Path, demo: Demo) -> Mail:
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    body = mail.get_body(("plain",))
    assert body is not None
    words = str(body.get_content())
    return Mail(
        to=str(mail["To"]),
        language=str(mail["Content-Language"]),
        words=words,
        heard=next(it for it in words.split() if "/heard/" in it).removeprefix(demo.site),
        unsubscribe=str(mail["List-Unsubscribe"]).strip(" <>").removeprefix(demo.site),
    )
