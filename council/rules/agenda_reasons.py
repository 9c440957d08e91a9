"""Why something is proposed for an agenda, what that is worth, and how long it takes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from statistics import median
from typing import Any, Final


class Code(StrEnum):
    """The strongest first: of several reasons, the first is the one that is shown first."""

    CARRIED_OVER = "carried_over"
    DISPUTED = "disputed"
    EVIDENCE = "evidence"
    REVIEW_DUE = "review_due"
    OVERDUE_ACTIONS = "overdue_actions"
    CONTESTED = "contested"
    SILENT = "silent"
    DRIFT = "drift"
    TOP = "top"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Reason:
    """A code, its figure (`n`: times, people, points, a place), and since when, as a day."""

    code: Code
    n: int = 0
    since: str = ""


WORTH: Final[Mapping[Code, int]] = {
    Code.CARRIED_OVER: 100,
    Code.DISPUTED: 100,
    Code.EVIDENCE: 90,
    Code.REVIEW_DUE: 80,
    Code.OVERDUE_ACTIONS: 70,
    Code.CONTESTED: 60,
    Code.SILENT: 50,
    Code.DRIFT: 40,
    Code.TOP: 40,
    Code.WAITING: 20,
}
FOR_EACH_MORE: Final = 10
REQUIRED: Final = frozenset({Code.CARRIED_OVER})
"""What a meeting did not reach was promised; nothing takes its place."""

MINUTES: Final[Mapping[str, int]] = {
    "inform": 5,
    "discuss": 10,
    "decide": 15,
    "review": 10,
    "workshop": 45,
}
"""What an item takes as long as nobody knows better."""
ENOUGH: Final = 5
"""So many items of a kind tell how long the next one takes."""
STEP: Final = 5


def in_order(reasons: Iterable[Reason]) -> list[Reason]:
    order = list(Code)
    return sorted(reasons, key=lambda it: order.index(it.code))


def value(reasons: Sequence[Reason], priority: float | None) -> int:
    """The strongest reason, a little for each more, and half of what the request is worth."""
    points = min(max(priority or 0.0, 0.0), 100.0)
    strongest = max(WORTH[it.code] for it in reasons)
    return strongest + FOR_EACH_MORE * (len(reasons) - 1) + round(points / 2)


def is_required(reasons: Iterable[Reason]) -> bool:
    return any(it.code in REQUIRED for it in reasons)


def kind_of(reasons: Iterable[Reason], *, is_undecided: bool) -> str:
    if any(it.code == Code.REVIEW_DUE for it in reasons):
        return "review"
    return "decide" if is_undecided else "discuss"


def learnt_minutes(taken: Mapping[str, Sequence[float]]) -> dict[str, int]:
    """By kind: the median of how long such items took, in steps of five; else what is usual."""
    return dict(MINUTES) | {
        kind: max(STEP, STEP * round(median(times) / STEP))
        for kind, times in taken.items()
        if len(times) >= ENOUGH
    }


def plain(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    """As an agenda item keeps them."""
    return [asdict(it) for it in in_order(reasons)]


def read(kept: Iterable[Mapping[str, Any]]) -> list[Reason]:
    return [Reason(Code(it["code"]), it["n"], it["since"]) for it in kept]
