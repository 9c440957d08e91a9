"""What a decision is expected to move: figures that are fixed before anybody knows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Self

MOST: Final = 3
"""So many figures can be expected of one decision."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A measure, from where to where, by when, and how sure somebody is, in percent."""

    measure: str
    baseline: Decimal
    target: Decimal
    due_on: date
    probability: int

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        return cls(
            measure=kept["measure"],
            baseline=Decimal(str(kept["baseline"])),
            target=Decimal(str(kept["target"])),
            due_on=date.fromisoformat(kept["due_on"]),
            probability=kept["probability"],
        )

    @classmethod
    def from_line(cls, line: str) -> Self:
        """`returns a week; 40; 25; 2027-03-31; 70`. Raises ValueError for anything else."""
        measure, baseline, target, due_on, probability = (part.strip() for part in line.split(";"))
        try:
            figures = (Decimal(baseline), Decimal(target))
        except InvalidOperation as fault:
            raise ValueError(line) from fault
        return cls(measure, *figures, date.fromisoformat(due_on), int(probability))

    def as_json(self) -> dict[str, Any]:
        return {"measure": self.measure, **self.figures()}

    def figures(self) -> dict[str, Any]:
        """All but what it is called. They have at most fifteen digits, which a number holds."""
        return {
            "baseline": float(self.baseline),
            "target": float(self.target),
            "due_on": self.due_on.isoformat(),
            "probability": self.probability,
        }

    def __str__(self) -> str:
        return f"{self.measure} {plain(self.baseline)} → {plain(self.target)}"


def from_json(kept: Iterable[Mapping[str, Any]]) -> tuple[Expected, ...]:
    return tuple(Expected.from_json(each) for each in kept)


def plain(figure: Decimal) -> str:
    return f"{figure.normalize():f}" if figure else "0"
