"""Where a text mentions a person: by name, address or number, or by repeating what they said."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from backlog.rules import people_names

REDACTED: Final = "[erased]"
_BEGINNING: Final = 40
"""Whoever repeats so many characters of what was said repeats it."""
# Shorter ones would be found in many texts that do not mean the person.
_SHORTEST_NUMBER: Final = 5
_SHORTEST_WORDS: Final = 15


class Mentions:
    """Finds the mentions of one person in any text, and takes them out.

    A name that may also be a word, or somebody else's, means the person in a text that `is_linked`
    to them. Anywhere else, and for a part of the name, a colleague says whether it does: such a
    mention is a *possible* one.
    """

    def __init__(
        self,
        *,
        names: Iterable[str] = (),
        addresses: Iterable[str] = (),
        numbers: Iterable[str] = (),
        words: Iterable[str] = (),
    ) -> None:
        called = people_names.without_titles(names)
        identifiers = _both_forms(
            [
                *filter(people_names.is_telling, called),
                *(each for each in addresses if each),
                *(each for each in numbers if len(each) >= _SHORTEST_NUMBER),
            ]
        )
        said = _both_forms(each.strip() for each in words if len(each.strip()) >= _SHORTEST_WORDS)
        self.probes = sorted(identifiers | {each[:_BEGINNING].strip() for each in said})
        """Shorter texts, one of which stands wherever the person is mentioned."""
        self._pattern = _any_of(map(_alone, _longest_first(identifiers)))
        self._called = _any_of(map(_alone, _longest_first(_both_forms(called))))
        short = [each for each in called if not people_names.is_telling(each)]
        parts = set[str]().union(*map(people_names.parts, called)) - set(short)
        self.possible_probes = sorted(_both_forms(people_names.written(short)))
        """Shorter texts, one of which stands wherever the person may be mentioned."""
        self._short = people_names.certainly(short)
        self._possible = people_names.possibly(short)
        self._possible_if_linked = [
            *filter(None, [people_names.in_any_case(short), people_names.possibly(parts)])
        ]
        self._said = [(_any_of([_spaced(it[:_BEGINNING])]), it) for it in _longest_first(said)]

    def __bool__(self) -> bool:
        return bool(self.probes or self.possible_probes)

    def is_in(self, text: str, *, is_linked: bool = False) -> bool:
        return bool(self.redacted(text, is_linked=is_linked) != text)

    def names_the_person(self, text: str) -> bool:
        """As `is_in`, and by short names too: for a text that is written about this person."""
        return self.is_in(text) or bool(self._called and self._called.search(text))

    def may_be_in(self, text: str) -> bool:
        """Also by a short name, or by the first few words, cut off, of what they said."""
        folded = text.casefold()
        hints = {said[:_SHORTEST_WORDS].casefold() for _beginning, said in self._said}
        return any(hint in folded for hint in hints) or self.is_in(text, is_linked=True)

    def redacted(self, value: Any, *, is_linked: bool = False, is_meant: bool = False) -> Any:
        """The text, or what is made of texts, with each mention replaced.

        With `is_meant`, possible ones too: a colleague has said that they mean the person.
        """

        def without(text: str) -> str:
            text = self._without_names(self._without_words(text), is_linked=is_linked)
            for pattern in self._patterns_of_possible(is_linked=is_linked) if is_meant else ():
                text = pattern.sub(REDACTED, text)
            return text

        return _mapped(value, without)

    def possible_in(self, text: str, *, is_linked: bool = False) -> list[tuple[int, int]]:
        """Where the text may mention the person beside its certain mentions, from and to."""
        patterns = self._patterns_of_possible(is_linked=is_linked)
        found = sorted(it.span() for pattern in patterns for it in pattern.finditer(text))
        apart: list[tuple[int, int]] = []
        for start, end in found:
            if not apart or start >= apart[-1][1]:
                apart.append((start, end))
        return apart

    def _patterns_of_possible(self, *, is_linked: bool) -> Sequence[re.Pattern[str]]:
        if is_linked:
            return self._possible_if_linked
        return [self._possible] if self._possible else []

    def _without_names(self, text: str, *, is_linked: bool) -> str:
        text = self._pattern.sub(REDACTED, text) if self._pattern else text
        return self._short.sub(REDACTED, text) if self._short and is_linked else text

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


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    match value:
        case str():
            return change(value)
        case dict():
            return {change(key): _mapped(each, change) for key, each in value.items()}
        case list():
            return [_mapped(each, change) for each in value]
        case _:
            return value


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
