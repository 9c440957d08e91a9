"""Whether a council is right as often as it says: how sure it was against what came true.

What came true in part did not come true as it was said. What cannot be told counts for neither.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from backlog.statistics import significance
from backlog.statistics.significance import Share


class Answer(StrEnum):
    """What came of something that was expected."""

    HIT = "hit"
    PARTLY = "partly"
    MISSED = "missed"
    UNKNOWN = "unknown"


class Leaning(StrEnum):
    """What how sure they were says beside what came true."""

    TOO_FEW = "too_few"
    TRUE = "true"
    TOO_SURE = "too_sure"
    TOO_UNSURE = "too_unsure"


BANDS: Final = ((1, 20), (21, 40), (41, 60), (61, 80), (81, 99))
"""By how many percent sure they were, both ends among them."""


@dataclass(frozen=True, slots=True)
class Band:
    """Those who were about as sure; `share` of them came true, None where there are none."""

    low: int
    high: int
    stated: float | None
    share: Share | None

    @property
    def leaning(self) -> Leaning:
        return leaning(self.stated, self.share)


@dataclass(frozen=True, slots=True)
class Calibration:
    """All that can be told of a council's predictions."""

    hits: int
    partly: int
    missed: int
    unknown: int
    stated: float | None
    share: Share | None
    bands: Sequence[Band]

    @property
    def told(self) -> int:
        return self.hits + self.partly + self.missed

    @property
    def leaning(self) -> Leaning:
        return leaning(self.stated, self.share)


def calibrate(answered: Iterable[tuple[int, str]]) -> Calibration:
    """Of pairs of how sure they were, in percent, and what came of it."""
    pairs = [(stated, Answer(answer)) for stated, answer in answered]
    told = [pair for pair in pairs if pair[1] != Answer.UNKNOWN]
    counts = Counter(answer for _stated, answer in pairs)
    stated, share = _compared(told)
    return Calibration(
        hits=counts[Answer.HIT],
        partly=counts[Answer.PARTLY],
        missed=counts[Answer.MISSED],
        unknown=counts[Answer.UNKNOWN],
        stated=stated,
        share=share,
        bands=[_band(told, *ends) for ends in BANDS],
    )


def overall(answers: Collection[str]) -> Answer | None:
    """What came of all of it together, as far as it can be told; None where nothing was said."""
    told = {Answer(each) for each in answers} - {Answer.UNKNOWN}
    if not answers:
        return None
    if not told:
        return Answer.UNKNOWN
    return told.pop() if len(told) == 1 else Answer.PARTLY


def leaning(stated: float | None, share: Share | None) -> Leaning:
    """Too few to say anything below thirty; else whether what they said lies within chance."""
    if share is None or stated is None or share.is_too_few:
        return Leaning.TOO_FEW
    if stated > share.percent.high:
        return Leaning.TOO_SURE
    return Leaning.TOO_UNSURE if stated < share.percent.low else Leaning.TRUE


def _band(told: Sequence[tuple[int, Answer]], low: int, high: int) -> Band:
    inside = [pair for pair in told if low <= pair[0] <= high]
    return Band(low, high, *_compared(inside))


def _compared(told: Sequence[tuple[int, Answer]]) -> tuple[float | None, Share | None]:
    """How sure on average, and how many came true."""
    hits = sum(answer == Answer.HIT for _stated, answer in told)
    stated = sum(stated for stated, _answer in told) / len(told) if told else None
    return stated, significance.share(hits, len(told))
