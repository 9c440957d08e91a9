"""The one form in which names, titles and words are compared when somebody looks for them."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Final

# Accents and other marks of Latin, Greek and Cyrillic: people leave them out when they type. The
# marks of other scripts tell words apart.
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
# As keyboards give single letters of Hangul: to join them would make other words of them.
_LETTERS: Final = re.compile("[\u3131-\u318e]+")
# Of these texts the form that is compared is the lower case.
_PLAIN: Final = re.compile("[\x00-\x7f\uac00-\ud7a3]*")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs"})

GRAM: Final = 3
"""From each place of a text so many characters are kept for looking up."""


def folded(*parts: str) -> str:
    """The parts in the form that is compared: composed, without case, accents and width.

    ß is ss and every σ the same; Hangul typed on a Mac is Hangul typed elsewhere; what nobody sees
    is left out. Idempotent.
    """
    return "\n".join(_folded(part) for part in parts if part)


def terms(text: str) -> list[str]:
    """What somebody looks for: each word, in the form that is compared, in any order."""
    return folded(text).split()


def nearest_first(found: Iterable[Any], wanted: str) -> list[Any]:
    """Where a term is a word of its own, before where one begins so, before all else; else as is.

    “sim” means a SIM, not what is simple.
    """
    alone = [re.compile(rf"(?<!\w){re.escape(term)}(?!\w)") for term in terms(wanted)]
    begins = [re.compile(rf"(?<!\w){re.escape(term)}") for term in terms(wanted)]

    def distance(row: Any) -> tuple[int, int]:
        text = folded(str(row))
        return (
            sum(each.search(text) is None for each in alone),
            sum(each.search(text) is None for each in begins),
        )

    return sorted(found, key=distance)


def grams(term: str) -> list[str]:
    """What the places are looked up by where it stands; one shorter than GRAM is how they begin."""
    return [term[at : at + GRAM] for at in range(max(1, len(term) - GRAM + 1))]


def _folded(text: str) -> str:
    if _PLAIN.fullmatch(text):
        plain = text.lower()
    else:
        plain = unicodedata.normalize("NFC", _ACCENTS.sub("", _decomposed(text)))
    return plain if plain.isprintable() else _without_unseen(plain)


def _decomposed(text: str) -> str:
    pieces, end = [], 0
    for letters in _LETTERS.finditer(text):
        pieces += [_compatible(text[end : letters.start()]), letters[0]]
        end = letters.end()
    return "".join([*pieces, _compatible(text[end:])])


def _compatible(text: str) -> str:
    once = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFKD", once).casefold()


def _without_unseen(text: str) -> str:
    return "".join(it for it in text if it in "\n\t " or unicodedata.category(it) not in _UNSEEN)
