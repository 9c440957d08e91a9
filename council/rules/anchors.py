"""Anchors: the head of the sealed ledger, as it stands in each copy of minutes that leaves."""

import re
from typing import Final, NamedTuple

NAME: Final = "Hearback-Ledger"
_LINE: Final = re.compile(rf"{NAME}:\s+([1-9]\d{{0,9}})\s+([0-9a-f]{{64}})(?![0-9a-f])")


class Anchor(NamedTuple):
    """How long the chain was, and the digest of its last link."""

    number: int
    digest: str

    def __str__(self) -> str:
        return f"{NAME}: {self.number} {self.digest}"


def read(text: str) -> list[Anchor]:
    """All anchors that a text holds, the shortest chain first; each once."""
    found = {Anchor(int(number), digest) for number, digest in _LINE.findall(text)}
    return sorted(found)
