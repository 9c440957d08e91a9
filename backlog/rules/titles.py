"""A title taken from somebody's words: how they begin, as far as a line goes."""

import re
from typing import Final

LONGEST: Final = 80
_SENTENCE: Final = re.compile(r"(?<=[.!?。！？…])\s+|\n+")
_GREETING: Final = re.compile(
    r"^(?:hi|hello|hey|dear \w+|good (?:morning|afternoon|evening)|안녕하세요|안녕하십니까)[^\w]*$",
    re.IGNORECASE,
)


def sentences(words: str) -> list[str]:
    """The words, sentence by sentence; without what is only a greeting."""
    found = [piece.strip() for piece in _SENTENCE.split(words) if piece.strip()]
    return [each for each in found if not _GREETING.match(each)] or found


def title_of(words: str) -> str:
    """Their first sentence, cut at a space where it is too long; empty where there are no words."""
    first = " ".join(next(iter(sentences(words)), "").split()).rstrip(".。")
    if len(first) <= LONGEST:
        return first
    cut = first[: LONGEST - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > LONGEST // 2 else cut).rstrip(" ,;:") + "…"
