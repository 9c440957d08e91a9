"""Whether enough departments are there to decide."""

import math
from dataclasses import dataclass
from fractions import Fraction


def needed(share: Fraction, departments: int) -> int:
    """How many departments must be there: the share itself is enough, a part of one is not."""
    return math.ceil(share * departments)


@dataclass(frozen=True, slots=True)
class Quorum:
    """Of the departments whose voting seat has a holder, how many are there and must be."""

    present: int
    departments: int
    needed: int

    @property
    def is_met(self) -> bool:
        return self.present >= self.needed

    @property
    def lacking(self) -> int:
        return max(0, self.needed - self.present)


def quorum(share: Fraction, *, present: int, departments: int) -> Quorum:
    return Quorum(present, departments, needed(share, departments))


@dataclass(frozen=True, slots=True)
class Forecast:
    """Of the departments whose voting seat has a holder, how many will be there as they say."""

    expected: int
    undecided: int
    """Nobody of theirs has answered, or only the holder has, who sends the alternate."""
    departments: int
    needed: int

    @property
    def is_met(self) -> bool:
        return self.expected >= self.needed

    @property
    def can_be_met(self) -> bool:
        """Whether those who have not answered can still make up for those who do not come."""
        return self.expected + self.undecided >= self.needed
