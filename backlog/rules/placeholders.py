"""Texts with places to fill in, as in `Hello {{ name }}`. Nothing else has a meaning in them.

There is no logic, no access to anything, and no mark-up: what comes out is plain text, and whoever
shows it escapes it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

FIELDS: Final = ("greeting", "name", "product", "count", "site")

_MARK: Final = re.compile(r"\{\{|\}\}")


class Part(NamedTuple):
    """A piece of text as it is, or the name of what stands in its place."""

    text: str
    is_field: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a text something is, as people count: both from one."""

    line: int
    column: int


class Unreadable(Exception):  # noqa: N818 -- an answer, not a crash
    """What cannot be read: `code` says how, `found` is what stands there, and `at` where."""

    def __init__(self, code: str, *, text: str, index: int, found: str) -> None:
        super().__init__(code)
        self.code, self.found = code, found
        before = text[:index]
        self.at = Place(before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1)


@lru_cache(maxsize=1_000)
def parse(text: str) -> tuple[Part, ...]:
    """The parts of a text. Raises Unreadable with the first place that is not well formed."""
    parts: list[Part] = []
    after = 0
    while mark := _MARK.search(text, after):
        start = mark.start()
        if mark[0] == "}}":
            raise Unreadable("not_opened", text=text, index=start, found=mark[0])
        end = _MARK.search(text, mark.end())
        if end is None or end[0] == "{{":
            raise Unreadable("not_closed", text=text, index=start, found=mark[0])
        name = text[mark.end() : end.start()].strip()
        if name not in FIELDS:
            raise Unreadable("unknown", text=text, index=start, found=name)
        parts += [Part(text[after:start], is_field=False), Part(name, is_field=True)]
        after = end.end()
    return (*parts, Part(text[after:], is_field=False))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with each place filled in; what has no value is left empty."""
    return "".join(
        values.get(part.text, "") if part.is_field else part.text for part in parse(text)
    )
