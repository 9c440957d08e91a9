"""Who is owed what once two records turn out to be of two people.

While they were one, one of them was told for both. Whoever asked and has not heard is told still.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Side(Enum):
    MERGED = "merged"
    SURVIVOR = "survivor"


BOTH: Final = (Side.SURVIVOR, Side.MERGED)


@dataclass(frozen=True, slots=True)
class Parted:
    """`keeps` whose the one row is from now on, and whether it `stands` as it was settled.

    Where it does not, it is owed again. `new` are those who are owed it in a row of their own.
    """

    keeps: Side
    stands: bool
    new: tuple[Side, ...]


def part(
    *,
    owner: Side,
    concerned: Collection[Side],
    heard: Side | None,
    is_settled: bool,
    is_waived: bool,
    has_row: Collection[Side],
) -> Parted:
    """Of one thing that was to be heard: `owner` is whose row it is, `concerned` who asked for it.

    `heard` is to whom the message went; None where nobody was told. A colleague who waived it did
    so for both. `has_row` are those who have a row of their own of the same thing: none is owed it
    twice.
    """
    if heard is not None:
        keeps = owner if heard in has_row else heard
        stands = keeps is heard
    else:
        mine = owner in concerned or not concerned
        keeps = owner if mine else next(side for side in BOTH if side in concerned)
        keeps = owner if keeps in has_row else keeps
        stands = is_waived or not is_settled
    waiting = [side for side in BOTH if side in concerned and side is not keeps]
    unserved = [side for side in waiting if side not in has_row and side is not heard]
    return Parted(keeps, stands, () if is_waived else tuple(unserved))
