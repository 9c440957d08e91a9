"""Reading the dates that people and their tools write, without guessing between two meanings.

`08/11/2021` is November to most of the world and August to Americans. One such cell cannot tell,
its column mostly can: `detect_order` finds the cell that settles it, `parse_date` reads them all.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, get_args

Order = Literal["ymd", "dmy", "mdy"]
ORDERS: tuple[Order, ...] = get_args(Order)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_NUMBERS = re.compile(r"(\d{4}|\d\d?)(\. ?|[-/])(\d\d?)\2(\d{4}|\d\d?)(?!\d)\.?")
_NAMED = (
    re.compile(rf"(?P<day>\d{{1,2}})[ -]{_MONTH},?[ -](?P<year>\d{{2,4}})", re.IGNORECASE),
    re.compile(rf"{_MONTH} (?P<day>\d{{1,2}}),? (?P<year>\d{{4}})", re.IGNORECASE),
    re.compile(r"(?P<year>\d{2,4})년 ?(?P<month>\d{1,2})월 ?(?P<day>\d{1,2})일"),
)
_TIMES = (
    re.compile(
        r"(?P<before>오전|오후|am|pm)? ?(?P<hour>\d\d?):(?P<minute>\d\d)"
        r"(?::(?P<second>\d\d)(?:\.\d+)?)? ?(?P<after>am|pm)?",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?P<before>오전|오후)? ?(?P<hour>\d\d?)시"
        r"(?: ?(?P<minute>\d\d?)분)?(?: ?(?P<second>\d\d?)초)?"
    ),
)
_EPOCH = re.compile(r"\d{10}(?:\d{3}){0,2}")
_EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)


def parse_date(text: str, *, order: Order | None = None) -> datetime | date | None:
    """The date, with time and offset where they are given; None if it cannot be told.

    Dots with short years mean `yy.mm.dd`, as Koreans write, unless `order` says otherwise.
    """
    text = " ".join(text.split())
    if _EPOCH.fullmatch(text):
        return _EPOCH_START + timedelta(microseconds=int(text.ljust(16, "0")))
    if text.endswith((" UTC", " GMT")):
        text = text[:-4] + "+00:00"
    try:
        # A date that says no more stays one: "2024-03-05" is not midnight.
        return date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text)
    except ValueError:
        return _parse_written(text, order)


def detect_order(samples: Iterable[str]) -> Order | None:
    """The one order in which every date of a column makes sense, read no further than needed."""
    remaining = set(ORDERS)
    for text in samples:
        match = _NUMBERS.match(text.strip())
        possible = _meanings(match) if match else {}
        if possible:
            remaining &= set(possible)
        if len(remaining) <= 1:
            break
    return remaining.pop() if len(remaining) == 1 else None


def _parse_written(text: str, order: Order | None) -> datetime | date | None:
    if match := _NUMBERS.match(text):
        day = _choose(_meanings(match), order, is_dotted=match[2].startswith("."))
    elif match := next(filter(None, (shape.match(text) for shape in _NAMED)), None):
        day = _named_day(match)
    else:
        return None
    rest = text[match.end() :].lstrip(" ,T")
    if day is None or not rest:
        return day
    clock = next(filter(None, (shape.fullmatch(rest) for shape in _TIMES)), None)
    return _at_clock(day, clock) if clock else None


def _meanings(match: re.Match[str]) -> dict[Order, date]:
    """What three numbers mean in each of the orders in which they are a date."""
    first, separator, second, third = match.groups()
    orders = ORDERS
    if len(first) == 4:
        orders = ("ymd",)
    elif len(third) == 4:
        orders = ("dmy",) if separator.startswith(".") else ("dmy", "mdy")
    meanings = {}
    for order in orders:
        part = dict(zip(order, (first, second, third), strict=True))
        if day := _day(part["y"], int(part["m"]), int(part["d"])):
            meanings[order] = day
    return meanings


def _choose(meanings: dict[Order, date], order: Order | None, *, is_dotted: bool) -> date | None:
    if order in meanings:
        return meanings[order]
    days = set(meanings.values())
    if len(days) > 1 and is_dotted:
        return meanings.get("ymd")
    return days.pop() if len(days) == 1 else None


def _named_day(match: re.Match[str]) -> date | None:
    month = match["month"].lower()
    number = int(month) if month.isdigit() else _MONTHS.index(month) + 1
    return _day(match["year"], number, int(match["day"]))


def _day(year: str, month: int, day: int) -> date | None:
    if len(year) not in (2, 4):
        return None
    full = int(year) if len(year) == 4 else int(year) + (1900 if int(year) > 68 else 2000)
    try:
        return date(full, month, day)
    except ValueError:
        return None


def _at_clock(day: date, clock: re.Match[str]) -> datetime | None:
    part = clock.groupdict()
    half = (part.get("before") or part.get("after") or "").lower()
    hour = int(part["hour"])
    if half in ("pm", "오후") and hour < 12:
        hour += 12
    elif half in ("am", "오전") and hour == 12:
        hour = 0
    try:
        return datetime.combine(day, time(hour, int(part["minute"] or 0), int(part["second"] or 0)))
    except ValueError:
        return None
