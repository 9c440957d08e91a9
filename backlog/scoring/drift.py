"""How far rank and priority disagree.

Above zero: the request is worth more than those it is ranked among, so its rank looks too low.
"""

from collections.abc import Collection, Sequence
from statistics import median

NEIGHBOURS = 10


def drift(priority: float, neighbours: Collection[float]) -> float:
    """The priority minus the median priority of the neighbours; alone on a board nothing drifts."""
    return priority - median(neighbours) if neighbours else 0.0


def drifts(priorities: Sequence[float | None]) -> list[float | None]:
    """The drift of each request of a board, from their priorities in rank order.

    The neighbours are the ten nearest by rank that have a priority: five on either side, and
    more of the one side near an end. A request without a priority has no drift.
    """
    scored = [priority for priority in priorities if priority is not None]
    found = iter([drift(each, _nearest(scored, index)) for index, each in enumerate(scored)])
    return [None if priority is None else next(found) for priority in priorities]


def _nearest(priorities: Sequence[float], index: int) -> list[float]:
    last_start = max(len(priorities) - NEIGHBOURS - 1, 0)
    start = min(max(index - NEIGHBOURS // 2, 0), last_start)
    return [*priorities[start:index], *priorities[index + 1 : start + NEIGHBOURS + 1]]
