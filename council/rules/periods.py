"""Months, quarters and years of the calendar, which reports are made of."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

MONTH, QUARTER, YEAR = 1, 3, 12
EARLIEST, LATEST = 1970, 2199
"""No report is older than that, or is asked for later."""
_NAME: Final = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})|-Q(?P<quarter>[1-4]))?")


class UnknownPeriodError(ValueError):
    """What was given names none."""


@dataclass(frozen=True, slots=True)
class Period:
    """So many months, the first of them counted from the year 0."""

    start: int
    months: int

    @classmethod
    def around(cls, day: date, months: int) -> Self:
        return cls((day.year * 12 + day.month - 1) // months * months, months)

    @classmethod
    def named(cls, name: str) -> Self:
        """`2026-11`, `2026-Q4` or `2026`; raises `UnknownPeriodError`."""
        found = _NAME.fullmatch(name.strip().upper())
        if found is None or not EARLIEST <= int(found["year"]) <= LATEST:
            raise UnknownPeriodError(name)
        year = int(found["year"]) * 12
        if found["quarter"]:
            return cls(year + 3 * (int(found["quarter"]) - 1), QUARTER)
        if found["month"] is None:
            return cls(year, YEAR)
        month = int(found["month"])
        if not 1 <= month <= 12:
            raise UnknownPeriodError(name)
        return cls(year + month - 1, MONTH)

    @property
    def name(self) -> str:
        if self.months == YEAR:
            return f"{self.year:04}"
        if self.months == QUARTER:
            return f"{self.year:04}-Q{self.quarter}"
        return f"{self.year:04}-{self.first.month:02}"

    @property
    def year(self) -> int:
        return self.start // 12

    @property
    def quarter(self) -> int:
        return self.start % 12 // 3 + 1

    @property
    def first(self) -> date:
        return date(self.year, self.start % 12 + 1, 1)

    @property
    def end(self) -> date:
        """The day after its last."""
        return self.after.first

    @property
    def before(self) -> Self:
        return type(self)(self.start - self.months, self.months)

    @property
    def after(self) -> Self:
        return type(self)(self.start + self.months, self.months)

    @property
    def year_to_its_end(self) -> list["Period"]:
        """The twelve months that end with it."""
        end = self.start + self.months
        return [Period(n, MONTH) for n in range(end - 12, end)]
