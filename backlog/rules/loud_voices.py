"""Guards against following loud voices blindly: what the words for a request leave out.

None of them says that a request is wrong. Each says what to ask before it is followed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LOUD_FROM: Final = 50
"""The share in percent from which one account's voice is said to drown the others."""
FEWEST_FOR_SHARES: Final = 3
"""Of two pieces each would be half; from three on a share says something."""
FEWEST_FOR_ABSENCE: Final = 5
"""That nobody else was heard says something once so many pieces were."""


class Guard(StrEnum):
    """The most serious first."""

    ONE_ACCOUNT = "one_account"
    ONLY_NUMBERS = "only_numbers"
    ONLY_WORDS = "only_words"
    NON_CUSTOMERS_UNHEARD = "non_customers_unheard"


@dataclass(frozen=True, slots=True)
class Voices:
    """Who speaks for a request, in pieces of evidence: all, those that still have words, that came
    with a rating, that were said by people who are no customers; and the account that says most.
    """

    pieces: int
    with_words: int
    with_ratings: int
    by_non_customers: int
    loudest_account: int | None = None
    loudest_pieces: int = 0

    @property
    def percent(self) -> int:
        """Of all pieces, those of the account that says most."""
        return round(100 * self.loudest_pieces / self.pieces) if self.pieces else 0


def guards(voices: Voices) -> tuple[Guard, ...]:
    """What there is to be careful about, the most serious first."""
    return tuple(_found(voices))


def _found(voices: Voices) -> Iterator[Guard]:
    if not voices.pieces:
        return
    is_loud = 100 * voices.loudest_pieces >= LOUD_FROM * voices.pieces
    if voices.pieces >= FEWEST_FOR_SHARES and is_loud:
        yield Guard.ONE_ACCOUNT
    if not voices.with_words:
        yield Guard.ONLY_NUMBERS
    elif not voices.with_ratings:
        yield Guard.ONLY_WORDS
    if voices.pieces >= FEWEST_FOR_ABSENCE and not voices.by_non_customers:
        yield Guard.NON_CUSTOMERS_UNHEARD
