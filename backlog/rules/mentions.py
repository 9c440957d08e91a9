"""Where a text mentions a person: by name, address or number, or by repeating what they said."""

import json
import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Final

REDACTED: Final = "[erased]"
_BEGINNING: Final = 40
"""Whoever repeats so many characters of what was said repeats it."""
# Shorter ones would be found in many texts that do not mean the person.
_SHORTEST_NAME: Final = 4
_SHORTEST_NAME_BEYOND_ASCII: Final = 3
_SHORTEST_NUMBER: Final = 5
_SHORTEST_WORDS: Final = 15


class Mentions:
    """Finds the mentions of one person in any text, and takes them out."""

    def __init__(
        self,
        *,
        names: Iterable[str] = (),
        addresses: Iterable[str] = (),
        numbers: Iterable[str] = (),
        words: Iterable[str] = (),
    ) -> None:
        called = [each for each in map(str.strip, names) if len(each) > 1]
        identifiers = _both_forms(
            [
                *filter(_is_telling_name, called),
                *(each for each in addresses if each),
                *(each for each in numbers if len(each) >= _SHORTEST_NUMBER),
            ]
        )
        said = _both_forms(each.strip() for each in words if len(each.strip()) >= _SHORTEST_WORDS)
        self.probes = sorted(identifiers | {each[:_BEGINNING].strip() for each in said})
        """Shorter texts, one of which stands wherever the person is mentioned."""
        self._pattern = _any_of(map(_alone, _longest_first(identifiers)))
        self._called = _any_of(map(_alone, _longest_first(_both_forms(called))))
        self._said = [(_any_of([_spaced(it[:_BEGINNING])]), it) for it in _longest_first(said)]

    def __bool__(self) -> bool:
        return bool(self.probes)

    def is_in(self, text: str) -> bool:
        return bool(self.redacted(text) != text)

    def names_the_person(self, text: str) -> bool:
        """As `is_in`, and by short names too: for a text that is written about this person."""
        return self.is_in(text) or bool(self._called and self._called.search(text))

    def may_be_in(self, text: str) -> bool:
        """Also where it is only hinted at: by the first few words, cut off, of what they said."""
        folded = text.casefold()
        hints = {said[:_SHORTEST_WORDS].casefold() for _beginning, said in self._said}
        return any(hint in folded for hint in hints) or self.is_in(text)

    def redacted(self, value: Any) -> Any:
        """The text, or what is made of texts, with each mention replaced."""
        match value:
            case str():
                return self._without_names(self._without_words(value))
            case dict():
                return {self.redacted(key): self.redacted(each) for key, each in value.items()}
            case list():
                return [self.redacted(each) for each in value]
            case _:
                return value

    def _without_names(self, text: str) -> str:
        return self._pattern.sub(REDACTED, text) if self._pattern else text

    def _without_words(self, text: str) -> str:
        """Without what repeats the beginning of something said, as far as it repeats it."""
        for beginning, said in self._said:
            while beginning and (found := beginning.search(text)):
                end = found.end() + _same(text[found.end() :], said[_BEGINNING:])
                text = f"{text[: found.start()]}{REDACTED}{text[end:]}"
        return text


def as_stored_in_json(text: str) -> set[str]:
    """How databases have it inside a document: one of them escapes letters beyond ASCII."""
    return {json.dumps(text, ensure_ascii=is_escaped)[1:-1] for is_escaped in (False, True)}


def _is_telling_name(name: str) -> bool:
    return len(name) >= (_SHORTEST_NAME if name.isascii() else _SHORTEST_NAME_BEYOND_ASCII)


def _both_forms(texts: Iterable[str]) -> set[str]:
    """Composed and decomposed: a Mac and others write the same Hangul differently."""
    return {unicodedata.normalize(form, each) for each in texts for form in ("NFC", "NFD")}


def _longest_first(texts: Iterable[str]) -> list[str]:
    return sorted(texts, key=lambda each: (-len(each), each))


def _any_of(patterns: Iterable[str]) -> re.Pattern[str] | None:
    alternatives = "|".join(patterns)
    return re.compile(alternatives, re.IGNORECASE) if alternatives else None


def _spaced(text: str) -> str:
    return r"\s+".join(map(re.escape, text.split()))


def _alone(text: str) -> str:
    """Not as a part of a longer word; Korean particles may follow."""
    before = r"(?<!\w)" if text[:1].isalnum() else ""
    after = r"(?![A-Za-z0-9_])" if text[-1:].isalnum() else ""
    return f"{before}{_spaced(text)}{after}"


def _same(text: str, said: str) -> int:
    """How many characters at the beginning are the same, whatever their case."""
    length = 0
    for one, other in zip(text, said, strict=False):
        if one.casefold() != other.casefold():
            break
        length += 1
    return length
