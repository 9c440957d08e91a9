"""What a link of the ledger's chain covers: events by salted digests, so that erasure leaves it.

An entry is `[what, salt, digest]`. The link covers what and digest; the salt goes when somebody who
is named in the words is forgotten, and from then on the digest stands for them.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from council.rules import seals

EVENT: Final = "event"
OUTCOME: Final = "outcome"
Entry = Sequence[str]


def name(kind: str, number: int) -> str:
    return f"{kind} {number}"


def number_of(what: str) -> int:
    return int(what.rpartition(" ")[2])


def digest(salt: str, content: Sequence[Any]) -> str:
    """Of one record, in half the length: it has to be found again, the link has the whole."""
    return seals.digest_of([salt, list(content)])[:32]


def link(previous: str, number: int, entries: Iterable[Entry]) -> str:
    """The digest of a link: it covers the one before it, and every record in it."""
    covered = [[what, digest] for what, _salt, digest in entries]
    return seals.link(previous, {"number": number, "entries": covered})
