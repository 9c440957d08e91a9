"""Papers of an agenda item: links, one a line, each with a title before it."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

MOST: Final = 20
_LINE: Final = re.compile(r"^(?P<title>.*?)\s*(?P<address>https?://\S+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Paper:
    """Where it lies, and what it is called; its host where nobody has named it."""

    title: str
    address: str


def read(text: str) -> list[Paper]:
    """The lines that are links; see `unusable` for those that are not."""
    return [paper for line in _lines(text) if (paper := _paper(line))]


def unusable(text: str) -> list[str]:
    """The lines that nobody could follow: without an address of the web, or beyond the most."""
    lines = _lines(text)
    return [line for line in lines[:MOST] if _paper(line) is None] + lines[MOST:]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _paper(line: str) -> Paper | None:
    found = _LINE.match(line)
    if found is None:
        return None
    try:
        host = urlsplit(found["address"]).hostname
    except ValueError:
        return None
    return Paper(found["title"].rstrip(" :–-") or host, found["address"]) if host else None
