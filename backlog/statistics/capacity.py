"""Capacity: how much time each department has, how much of it is taken up, and what is left."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Load:
    """In person-days. `planned` is None where nobody has said how much time there is."""

    department: int
    planned: Decimal | None
    used: Decimal

    @property
    def left(self) -> Decimal | None:
        return None if self.planned is None else self.planned - self.used

    @property
    def is_over(self) -> bool:
        """More is taken up than there is. That is a warning, and never refused."""
        return self.left is not None and self.left < 0


def loads(planned: Mapping[int, Decimal], efforts: Iterable[tuple[int, Decimal]]) -> list[Load]:
    """One for each department that has time or is needed, in the order of their ids."""
    used: defaultdict[int, Decimal] = defaultdict(Decimal)
    for department, days in efforts:
        used[department] += days
    return [Load(each, planned.get(each), used[each]) for each in sorted({*planned, *used})]
