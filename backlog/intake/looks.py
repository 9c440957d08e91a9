"""How likely it is that somebody wrote a text: what it takes to write it, in bits.

Of several ways to read the same bytes, the true one takes the fewest by far: its letters are those
in daily use, and stand where people put them.
"""

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from backlog.intake.alphabets import HANGUL, JAMO, KS_X_1001, Language

_WORDS: Final = re.compile(r"[A-Za-z\x80-\U0010ffff]*[\x80-\U0010ffff][A-Za-z\x80-\U0010ffff]*")
_SIGNS: Final = (
    "“”‘’„‚«»‹›…–—·•€£§°©®™№¿¡、。「」『』！？，．：；（）《》〈〉～・★☆♡♥※→ºª\xa0\u3000"
)
_PARTS: Final = re.compile(f"[{_SIGNS}\udc00-\udcff]")
# Words of one accented letter.
_ALONE: Final = frozenset("àéèÀÉÈ")
# Those whose two bytes are no usual syllable of Korean.
_LONE_IN_UTF8: Final = frozenset("àÀÉÈ")
_ENOUGH: Final = 4

PLAIN: Final = 5.0
_SIGN: Final = 7.0
_SIGN_INSIDE: Final = 14.0
_UNDECODABLE: Final = 12.0
_OUT_OF_PLACE: Final = 10.0


def bits(text: str, languages: Iterable[Language]) -> float:
    """What it takes to write this text in these languages, each word in its own."""
    known = tuple(languages)
    total = PLAIN * sum(it.isascii() for it in text)
    for word in _WORDS.findall(text):
        total += _signs(word)
        for part in _PARTS.split(word):
            if part and not part.isascii():
                total += min(_word(part, language) for language in known)
    return total


def is_whole(text: str) -> bool:
    """Whether all of it could be decoded."""
    return not any("\udc00" <= it <= "\udcff" for it in text)


def is_all_hangul(text: str) -> bool:
    """Whether everything that is not ASCII is Hangul, most of it as it is usually written."""
    beyond = [it for it in text if not it.isascii() and it not in _SIGNS]
    usual = sum(it in KS_X_1001 for it in beyond)
    return 2 * usual >= len(beyond) > 0 and all(it in HANGUL or it in JAMO for it in beyond)


def is_utf8_beyond_doubt(text: str) -> bool:
    """Whether what decodes as UTF-8 is meant so: three bytes never spell a character by chance.

    Two bytes may. They are believed where they stand in a word as accents do, or make words of a
    script of their own.
    """
    parts = [
        part for word in _WORDS.findall(text) for part in _PARTS.split(word) if not part.isascii()
    ]
    if any(it >= "\u0800" for part in parts for it in part):
        return True
    ordinary = [part for part in parts if _is_ordinary(part)]
    has_accents = any(part in _LONE_IN_UTF8 or not _has_own_script(part) for part in ordinary)
    is_enough = has_accents or sum(map(len, ordinary)) >= _ENOUGH
    return is_enough and 2 * len(ordinary) >= len(parts)


def _is_ordinary(word: str) -> bool:
    if _capitals_inside(word):
        return False
    if any(it.isascii() for it in word):
        return all(it < "\u0250" and it.isalpha() for it in word)
    return word in _LONE_IN_UTF8 or _has_own_script(word)


def _has_own_script(word: str) -> bool:
    return all("\u0370" <= it < "\u0530" or "\u0590" <= it < "\u0700" for it in word)


def _signs(word: str) -> float:
    """Signs around the letters, or between them, and what is no character at all."""
    total = 0.0
    for match in _PARTS.finditer(word):
        is_inside = 0 < match.start() < len(word) - 1
        if match[0] >= "\udc00" and match[0] <= "\udcff":
            total += _UNDECODABLE
        elif is_inside and match[0] != "’" and word[match.start() + 1] < "\u3000":
            total += _SIGN_INSIDE
        else:
            total += _SIGN
    return total


def _word(word: str, language: Language) -> float:
    beyond = [it for it in word if not it.isascii()]
    total = sum(language.bits.get(it.lower(), language.strange) for it in beyond)
    total += _OUT_OF_PLACE * _capitals_inside(word)
    if word.isupper():
        total += 2 + len(beyond) / 4
    if language.is_latin:
        is_lone = len(beyond) == len(word) and word not in _ALONE
        return total + _OUT_OF_PLACE * is_lone + PLAIN * max(0, 2 * len(beyond) - len(word) - 1)
    has_letters_around = word[0].isascii() and word[-1].isascii()
    is_mixed = len(beyond) < len(word) and any(it < "\u3000" for it in beyond)
    return total + _OUT_OF_PLACE * (is_mixed or (len(beyond) == 1 and has_letters_around))


def _capitals_inside(word: str) -> int:
    """How often a capital follows a small letter, as nobody writes."""
    return sum(before.islower() and after.isupper() for before, after in pairwise(word))
