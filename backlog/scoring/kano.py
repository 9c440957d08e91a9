"""Kano's method: what kind of a feature is it, from a pair of questions.

"How would you feel if you had it?" and "… if you did not?", after Berger et al. 1993.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Feeling(StrEnum):
    LIKE = "like"
    MUST_BE = "must-be"
    NEUTRAL = "neutral"
    LIVE_WITH = "live-with"
    DISLIKE = "dislike"


class Category(StrEnum):
    MUST_BE = "M"
    ONE_DIMENSIONAL = "O"
    ATTRACTIVE = "A"
    INDIFFERENT = "I"
    REVERSE = "R"
    QUESTIONABLE = "Q"


# A row for each feeling with the feature, a column for each without it, in the order of Feeling.
_TABLE = ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ")
# Where the counts are close, the category that hurts most to neglect goes first.
_BY_URGENCY = (
    Category.MUST_BE,
    Category.ONE_DIMENSIONAL,
    Category.ATTRACTIVE,
    Category.INDIFFERENT,
)
_CLOSE = 0.05


@dataclass(frozen=True, slots=True)
class Kano:
    """`better` (0…1): what having it gains. `worse` (-1…0): what not having it costs.

    Both are None where every answer is reverse or questionable.
    """

    most_frequent: Category
    category: Category
    total_strength: float
    category_strength: float
    better: float | None
    worse: float | None


def classify(with_it: Feeling, without_it: Feeling) -> Category:
    feelings = list(Feeling)
    return Category(_TABLE[feelings.index(with_it)][feelings.index(without_it)])


def summarise(counts: Mapping[Category, int]) -> Kano | None:
    """What many answers say together; None of no answers."""
    total = sum(counts.values())
    if total == 0:
        return None
    m, o, a, i = (counts.get(category, 0) for category in _BY_URGENCY)
    usable = m + o + a + i
    # Sorted by count; a tie goes to the more urgent, which Category lists first.
    ranked = sorted(Category, key=lambda category: -counts.get(category, 0))
    top, second = (counts.get(category, 0) for category in ranked[:2])
    close = (each for each in _BY_URGENCY if top - counts.get(each, 0) <= _CLOSE * total)
    return Kano(
        most_frequent=ranked[0],
        category=next(close, ranked[0]),
        total_strength=(m + o + a) / total,
        category_strength=(top - second) / total,
        better=(a + o) / usable if usable else None,
        worse=-(o + m) / usable if usable else None,
    )
