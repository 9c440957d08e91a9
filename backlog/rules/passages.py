"""Excerpts of customers' words, and how they are quoted back: as said, not as a fragment."""

import re
from typing import Final

LONGEST: Final = 400
CUT: Final = "…"


def find_excerpt(words: str, excerpt: str) -> tuple[int, int] | None:
    """Where an excerpt begins and ends in the words, if they hold it.

    Browsers have line breaks and spaces of their own kind: any space stands for any other.
    """
    pattern = r"\s+".join(re.escape(piece) for piece in excerpt.split())
    found = re.search(pattern, words) if pattern else None
    return found.span() if found else None


def excerpt(words: str, start: int, end: int) -> str:
    """Just the words from `start` to `end`."""
    return words[start:end]


def passage(words: str, start: int, end: int) -> str:
    """The words from `start` to `end` with what stands around them, up to LONGEST characters.

    Short words are quoted whole. What was cut off shows as “…”, at a space where there is one near.
    """
    room = LONGEST - (end - start)
    if len(words) <= LONGEST:
        return words.strip()
    if room <= 0:
        return words[start:end].strip()[:LONGEST] + CUT
    low = max(0, min(start - room // 2, len(words) - LONGEST))
    high = min(len(words), low + LONGEST)
    if low > 0:
        low = _after_space(words, low, start)
    if high < len(words):
        high = _before_space(words, end, high)
    return (CUT if low else "") + words[low:high].strip() + (CUT if high < len(words) else "")


def _after_space(words: str, low: int, start: int) -> int:
    space = words.find(" ", low, min(low + 40, start))
    return low if space < 0 else space + 1


def _before_space(words: str, end: int, high: int) -> int:
    space = words.rfind(" ", max(end, high - 40), high)
    return high if space < 0 else space
