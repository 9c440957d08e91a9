"""The burn-up as a picture: where each line runs, in the units of the picture's own box."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from backlog.statistics.burn_up import Day

WIDTH: Final = 640
HEIGHT: Final = 200
MARKS: Final = 4
"""So many lines across at most above the first, each with its number; one is at the top."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across, and the number it stands for."""

    y: str
    figure: int


@dataclass(frozen=True, slots=True)
class Chart:
    """`days` are those that are known; the lines begin at nothing on the left edge."""

    scope: str
    done: str
    pace: str
    today: str
    marks: Sequence[Mark]
    days: Sequence[Day]
    first: date
    last: date
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def now(self) -> Day:
        return self.days[-1]


def chart(days: Sequence[Day]) -> Chart | None:
    """None where there is nothing to draw."""
    known = [day for day in days if day.scope is not None]
    top = max((day.scope or 0 for day in known), default=0)
    if not top:
        return None
    width = WIDTH / len(days)

    def at(place: float, figure: float) -> str:
        return f"{place * width:.1f},{HEIGHT - HEIGHT * figure / top:.1f}"

    def steps(figures: Iterable[int | None]) -> str:
        """What a day ended with held for all of it."""
        corners = ((n, figure or 0) for n, figure in enumerate(figures))
        return " ".join(f"{at(n, figure)} {at(n + 1, figure)}" for n, figure in corners)

    pace = [at(0, 0), *(at(n, min(day.pace, top)) for n, day in enumerate(days, 1))]
    return Chart(
        scope=steps(day.scope for day in known),
        done=steps(day.done for day in known),
        pace=" ".join(pace),
        today=f"{len(known) * width:.1f}",
        marks=_marks(top),
        days=known,
        first=days[0].on,
        last=days[-1].on,
    )


def _marks(top: int) -> list[Mark]:
    step = -(-top // MARKS)
    figures = [*range(0, top - step // 2, step), top]
    return [Mark(f"{HEIGHT - HEIGHT * n / top:.1f}", n) for n in figures]
