"""Reading the dates that people and their tools write, without guessing between two meanings.

`08/11/2021` is November to most of the world and August to Americans. One such cell cannot tell,
its column mostly can: `detect_order` decides once for all of it, `parse_date` reads them so.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final, Literal, NamedTuple, get_args

from backlog.rules import addresses, bounds

Order = Literal["ymd", "dmy", "mdy"]
ORDERS: tuple[Order, ...] = get_args(Order)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_NUMBERS = re.compile(r"(\d{4}|\d\d?)(\. ?|[-/])(\d\d?)\2(\d{4}|\d\d?)(?!\d)\.?")
_NAMED = (
    re.compile(
        rf"(?P<day>\d{{1,2}})[ /-]{_MONTH},?[ /-](?P<year>\d{{4}}|\d\d)(?!\d)", re.IGNORECASE
    ),
    re.compile(rf"{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})", re.IGNORECASE),
    re.compile(
        r"(?P<year>\d{4}|\d\d)[-/ ]" + _MONTH + r"[-/ ](?P<day>\d{1,2})(?!\d)", re.IGNORECASE
    ),
    re.compile(r"(?P<year>\d{2,4})[년年] ?(?P<month>\d{1,2})[월月] ?(?P<day>\d{1,2})[일日]"),
)
_TIMES = (
    re.compile(
        r"(?P<before>오전|오후|am|pm)? ?(?P<hour>\d\d?):(?P<minute>\d\d)"
        r"(?::(?P<second>\d\d)(?:[.,]\d+)?)? ?(?P<after>오전|오후|[ap]\.?m\.?)?",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?P<before>오전|오후)? ?(?P<hour>\d\d?)시"
        r"(?: ?(?P<minute>\d\d?)분)?(?: ?(?P<second>\d\d?)초)?"
    ),
)
_NAMED_TIMES: Final = {"자정": time(0), "정오": time(12), "midnight": time(0), "noon": time(12)}
# They say what the date says already.
_WEEKDAY = re.compile(
    r"\((?:[월화수목금토일]|월요일|화요일|수요일|목요일|금요일|토요일|일요일|mon|tue|wed|thu|fri|sat|sun)\)"
    r"|(?<![가-힣])[월화수목금토일]요일"
    r"|\b(?:mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?"
    r"|sun(?:day)?)\b[.,]?",
    re.IGNORECASE,
)
_OFFSET = re.compile(
    r"(?: ?(?:GMT|UTC))? ?(?P<sign>[+-])(?P<hours>\d\d?)(?::?(?P<minutes>\d\d))?(?: \([^()]*\))?$"
)
# Names of zones that mean one offset wherever they are read: of RFC 2822, and of the Far East.
_ZONES: Final = {
    "Z": 0, "UTC": 0, "GMT": 0, "KST": 9, "JST": 9,
    "EST": -5, "EDT": -4, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
_ZONE = re.compile(rf"(?: |(?<=\d))(?P<name>{'|'.join(_ZONES)})$")
_ZONE_SAID = re.compile(
    r"(?<![A-Za-z])(?P<name>UTC|GMT|KST|JST)(?P<hours>[+-]\d\d?)?(?![A-Za-z\d])", re.IGNORECASE
)
_IN_BRACKETS = re.compile(rf"\(((?:{'|'.join(_ZONES)})(?:[+-]\d\d?)?)\)$")
# As `date`, Java and JavaScript write it, with the year behind the time and perhaps its zone.
_YEAR_LAST = re.compile(
    rf"({_MONTH} \d{{1,2}}) (\d\d:\d\d:\d\d)( (?:{'|'.join(_ZONES)}))? (\d{{4}})", re.IGNORECASE
)
_EPOCH = re.compile(r"\d{10}(?:\.\d{1,6}|(?:\d{3}){0,2})")
_EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)
# As banks and machines write it, without any sign between.
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?")
# What a spreadsheet keeps of a moment: days, and what it was of the day.
_SERIAL = re.compile(r"\d{5}(?:\.\d{1,15})?")
_SERIAL_START = datetime(1899, 12, 30)  # noqa: DTZ001 -- a clock's reading, as any without offset
_HOUR_ALONE = re.compile(r"\d\d[.,]")
_LOOKED_AT = 1_000
"""Cells of a column after which no doubt is expected any more, if there was none."""


class Doubt(NamedTuple):
    """A date of the column that can be read in several ways, which no other date of it decides."""

    example: str


def parse_date(text: str, *, order: Order | None = None) -> datetime | date | None:
    """The date, with time and offset where they are given; None if it cannot be told.

    Dots with short years mean `yy.mm.dd`, as Koreans write, unless `order` says otherwise. With an
    order, what contradicts it cannot be told.
    """
    text = " ".join(unicodedata.normalize("NFKC", addresses.visible(text)).split())
    if _EPOCH.fullmatch(text):
        return _EPOCH_START + timedelta(microseconds=int(text.replace(".", "").ljust(16, "0")))
    if _SERIAL.fullmatch(text):
        return _of_spreadsheet(text)
    if compact := _COMPACT.fullmatch(text):
        text = "{}-{}-{}T{}:{}:{}".format(*compact.groups("00"))
    try:
        # A date that says no more stays one: "2024-03-05" is not midnight.
        return date.fromisoformat(text) if len(text) <= 10 else _parse_iso(text)
    except ValueError:
        return _parse_zoned(_without_weekday(text), order)


def detect_order(samples: Iterable[str]) -> Order | Doubt | None:
    """The one order in which every date of a column makes sense, read no further than needed.

    None where all can be read without. A Doubt where some cannot, and none decides how.
    """
    remaining, example = set(ORDERS), ""
    for looked_at, text in enumerate(samples):
        if looked_at == _LOOKED_AT and remaining == set(ORDERS):
            break
        meanings = _short_meanings(text)
        if len(set(meanings.values())) > 1:
            example = example or text.strip()
        if meanings:
            remaining &= set(meanings)
        if len(remaining) < 2:
            break
    if len(remaining) == 1:
        return remaining.pop()
    if "ymd" in remaining and "." in example:
        return "ymd"
    return Doubt(example) if example else None


def _short_meanings(text: str) -> dict[Order, date]:
    """What a date means in each order, unless it begins with a year in full: these tell nothing."""
    match = _NUMBERS.match(_without_weekday(text))
    return _meanings(match) if match and len(match[1]) < 4 else {}


def zone_said(header: str) -> tzinfo | None:
    """The zone that the name of a column says, as “Submit Date (UTC)” does."""
    match = _ZONE_SAID.search(header)
    if match is None:
        return None
    hours = float(match["hours"] or 0) or _ZONES[match["name"].upper()]
    return UTC if hours == 0 else timezone(timedelta(hours=hours))


def _without_weekday(text: str) -> str:
    return " ".join(_WEEKDAY.sub(" ", text).split()).lstrip(", ")


def _of_spreadsheet(text: str) -> datetime | date | None:
    """Only between the ends of what can be stored; other numbers are no dates."""
    days, _point, part = text.partition(".")
    moment = _SERIAL_START + timedelta(days=int(days), seconds=round(float(f"0.{part}0") * 86_400))
    if not bounds.EARLIEST <= moment.date() <= bounds.LATEST:
        return None
    return moment if part else moment.date()


def _parse_iso(text: str) -> datetime:
    # Any character would do for Python, and a dotted time is to it a part of an hour's second.
    if text[10] not in "T " or _HOUR_ALONE.match(text[11:]):
        raise ValueError
    return datetime.fromisoformat(text)


def _parse_zoned(text: str, order: Order | None) -> datetime | date | None:
    """A moment that ends in an offset, if it does; without a time it has none."""
    zone: tzinfo | None = None
    text = _IN_BRACKETS.sub(r"\1", _YEAR_LAST.sub(r"\1, \5 \3\4", text))
    if match := _ZONE.search(text):
        zone = timezone(timedelta(hours=_ZONES[match["name"]]))
    elif match := (_OFFSET.search(text) if ":" in text or "시" in text else None):
        hours, minutes = int(match["hours"]), int(match["minutes"] or 0)
        if hours > 14 or minutes > 59:
            return None
        offset = timedelta(hours=hours, minutes=minutes)
        zone = timezone(-offset if match["sign"] == "-" else offset)
    moment = _parse_written(text[: match.start()].strip() if match else text, order)
    if zone is None or moment is None:
        return moment
    return moment.replace(tzinfo=zone) if isinstance(moment, datetime) else None


def _parse_written(text: str, order: Order | None) -> datetime | date | None:
    if match := _NUMBERS.match(text):
        day = _choose(_meanings(match), order, is_dotted=match[2].startswith("."))
    elif match := next(filter(None, (shape.match(text) for shape in _NAMED)), None):
        day = _named_day(match)
    else:
        return None
    rest = text[match.end() :].lstrip(" ,T").removeprefix("at ")
    if day is None or not rest:
        return day
    if rest.lower() in _NAMED_TIMES:
        return datetime.combine(day, _NAMED_TIMES[rest.lower()])
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
    if order is not None and "ymd" not in {order, *meanings}:
        return None  # A day first in a column that is month first, or the reverse.
    if len(days) > 1 and is_dotted and order is None:
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
    half = (part.get("before") or part.get("after") or "").lower().replace(".", "")
    hour = int(part["hour"])
    if half in ("pm", "오후") and hour < 12:
        hour += 12
    elif half in ("am", "오전") and hour == 12:
        hour = 0
    try:
        return datetime.combine(day, time(hour, int(part["minute"] or 0), int(part["second"] or 0)))
    except ValueError:
        return None
