"""In which of our languages something is written, as far as the words tell."""

import re
from typing import Final

_HANGUL: Final = re.compile("[가-힣ㄱ-ㆎᄀ-ᇿ]")
_LATIN: Final = re.compile("[A-Za-z]+")


def language_of(words: str) -> str | None:
    """`ko`, `en`, or None where there are no words of either.

    A syllable of Korean counts as a word of English: “app이 crash 나요” is Korean.
    """
    hangul, latin = len(_HANGUL.findall(words)), len(_LATIN.findall(words))
    if not hangul and not latin:
        return None
    return "ko" if hangul >= latin else "en"
