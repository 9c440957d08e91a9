"""How something recurs: rules of RFC 5545, by the clock of their own place. Pure.

A rule of a series names days; the time of day is the series' own. What calendars read in two ways
is refused, and so is what would never end: nothing here goes on for longer than `AHEAD`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from dateutil import rrule
from django.utils.translation import gettext as _

from backlog.errors import Invalid

AHEAD: Final = timedelta(days=3660)
"""A rule that does not occur within ten years of its start never does."""
MOST: Final = 1000
"""So many occurrences are what no council has; a rule that asks for more is a slip."""
DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
OF_DAYS: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
LONGEST: Final = 300
_CYCLE: Final = 400
_DAY: Final = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL: Final = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?")
_NUMBERS: Final = {
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (-31, 31),
    "BYSETPOS": (-366, 366),
    "BYYEARDAY": (-366, 366),
    "BYWEEKNO": (-53, 53),
    "BYHOUR": (0, 23),
    "BYMINUTE": (0, 59),
    "BYSECOND": (0, 60),
}
_FROM_ZERO: Final = ("BYHOUR", "BYMINUTE", "BYSECOND")
_OF_SERIES: Final = {
    *("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"),
    *("BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """The parts of an RRULE as they were read; `str()` writes them in one order."""

    freq: str
    interval: int = 1
    count: int | None = None
    until: str = ""
    days: tuple[tuple[int, str], ...] = ()
    """Each with the how-manieth it is, 0 for every one."""
    numbers: tuple[tuple[str, tuple[int, ...]], ...] = ()
    week_starts: str = ""

    def of(self, part: str) -> tuple[int, ...]:
        return dict(self.numbers).get(part, ())

    def __str__(self) -> str:
        parts = [f"FREQ={self.freq}"]
        if self.interval != 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.days:
            parts.append("BYDAY=" + ",".join(f"{n or ''}{day}" for n, day in self.days))
        parts += [f"{name}={','.join(map(str, values))}" for name, values in self.numbers]
        if self.week_starts:
            parts.append(f"WKST={self.week_starts}")
        if self.count is not None:
            parts.append(f"COUNT={self.count}")
        if self.until:
            parts.append(f"UNTIL={self.until}")
        return ";".join(parts)

    def last_moment(self, zone: tzinfo | None = None) -> datetime | None:
        """Its UNTIL by the clock of the zone; a day alone holds until it is over."""
        found = _UNTIL.fullmatch(self.until)
        if found is None:
            return None
        day, clock, is_utc = found.groups()
        moment = datetime.strptime(day + (clock or "235959"), "%Y%m%d%H%M%S")  # noqa: DTZ007
        if is_utc and zone is not None:
            return moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
        return moment


def offered(choice: str, day: date) -> str:
    """The rule that a choice beside the first day means."""
    name, nth = DAYS[day.weekday()], (day.day - 1) // 7 + 1
    return {
        "weekly": f"FREQ=WEEKLY;BYDAY={name}",
        "fortnightly": f"FREQ=WEEKLY;INTERVAL=2;BYDAY={name}",
        "nth": f"FREQ=MONTHLY;BYDAY={nth}{name}",
        "last": f"FREQ=MONTHLY;BYDAY=-1{name}",
        "day": f"FREQ=MONTHLY;BYMONTHDAY={day.day}",
        "month_end": "FREQ=MONTHLY;BYMONTHDAY=-1",
        "quarterly": f"FREQ=MONTHLY;INTERVAL=3;BYDAY=-1{name}",
    }[choice]


def read(text: str) -> Rule:
    """Raises Invalid for what is no rule of RFC 5545, naming the part that is wrong."""
    text = text.strip().upper().removeprefix("RRULE:")
    if len(text) > LONGEST:
        raise _wrong(_("A rule has up to %(n)d characters.") % {"n": LONGEST})
    parts: dict[str, str] = {}
    for part in text.rstrip(";").split(";"):
        name, is_given, value = part.partition("=")
        if not is_given or not value or name in parts:
            raise _wrong(_("A rule is written as FREQ=MONTHLY;BYDAY=-1FR. Look at: %(part)s") % {
                "part": part or text
            })  # fmt: skip
        parts[name] = value
    rule = Rule(
        freq=_one_of(parts.pop("FREQ", ""), (*OF_DAYS, "HOURLY", "MINUTELY", "SECONDLY"), "FREQ"),
        interval=_number(parts.pop("INTERVAL", "1"), 1, 1000, "INTERVAL"),
        count=_number(parts.pop("COUNT"), 1, 10**6, "COUNT") if "COUNT" in parts else None,
        until=_until(parts.pop("UNTIL", "")),
        days=tuple(_days(parts.pop("BYDAY", ""))),
        week_starts=_one_of(parts.pop("WKST", "MO"), DAYS, "WKST").replace("MO", ""),
        numbers=tuple(_numbers(parts)),
    )
    if rule.count is not None and rule.until:
        raise _wrong(_("A rule ends after so many times or on a day, not both."))
    return rule


def check(rule: Rule) -> None:
    """Raises Invalid for what no series of meetings is made of."""
    if rule.freq not in OF_DAYS:
        raise _wrong(_("Meetings recur daily, weekly, monthly or yearly."))
    given = {name for name, _values in rule.numbers}
    if beyond := sorted(given - _OF_SERIES):
        raise _wrong(
            _("%(part)s is not taken: say it by BYDAY, BYMONTHDAY, BYMONTH or BYSETPOS.")
            % {"part": beyond[0]}
        )
    if "BYSETPOS" in given and rule.freq not in ("MONTHLY", "YEARLY"):
        raise _wrong(_("BYSETPOS is taken with FREQ=MONTHLY or FREQ=YEARLY only."))
    if rule.freq == "YEARLY" and "BYMONTHDAY" in given and "BYMONTH" not in given:
        raise _wrong(_("Calendars read this in different ways: say the month with BYMONTH."))
    if rule.count is not None and rule.count >= MOST:
        raise _too_many()


def expand(rule: Rule, start: datetime, zone: tzinfo | None = None) -> Iterator[datetime]:
    """When it occurs, by the clock on the wall, from its start for as long as `AHEAD`.

    The start itself occurs only where the rule says so.
    """
    last, ends = rule.last_moment(zone), start + AHEAD
    until = min(last, ends) if last else ends
    if until < start:
        return
    # A rule that never occurs is followed until the year 9999, which takes seconds. The calendar
    # repeats itself every 400 years, days of the week included, so it is read near that end.
    years = (MAXYEAR - ends.year - 1) // _CYCLE * _CYCLE
    text = str(rule).partition(";UNTIL=")[0]
    found = rrule.rrulestr(text, dtstart=start.replace(year=start.year + years))
    for moment in found:
        occurs_at = moment.replace(year=moment.year - years)
        if occurs_at > until:
            return
        yield occurs_at


def days(rule: Rule, start: date, clock: time, zone: tzinfo) -> Iterator[date]:
    """The days on which meetings of a series fall, from its first day on."""
    for moment in expand(rule, datetime.combine(start, clock), zone):
        yield moment.date()


def check_occurs(rule: Rule, start: date, clock: time, zone: tzinfo) -> None:
    """Raises Invalid for a rule that ends before it starts, or never occurs."""
    last = rule.last_moment(zone)
    if last is not None and last < datetime.combine(start, clock):
        raise _wrong(_("The rule ends before it starts."), code="ends_before_start")
    found = 0
    for _day in days(rule, start, clock, zone):
        found += 1
        if rule.until and found >= MOST:
            raise _too_many()
        if not rule.until:
            return
    if not found:
        raise _wrong(
            _("By this rule no meeting ever takes place. There may be no such day."), code="never"
        )


def moment(day: date, clock: time, zone: tzinfo) -> datetime:
    """When that is. A time that the clock skips is an hour later; of one it shows twice, the first.

    So RFC 5545 (3.3.5) has it, and so do calendars.
    """
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def skips_short_months(rule: Rule) -> bool:
    """Whether some months have no such day, where the last day would be in all of them."""
    return rule.freq == "MONTHLY" and any(day > 28 for day in rule.of("BYMONTHDAY"))


def _too_many() -> Invalid:
    return _wrong(
        _("That would be %(n)d meetings or more. End the rule earlier, or leave its end open.")
        % {"n": MOST},
        code="too_many",
    )


def _wrong(message: str, code: str = "invalid") -> Invalid:
    return Invalid(message, field="rule", code=code)


def _one_of(value: str, known: tuple[str, ...], name: str) -> str:
    if value not in known:
        raise _wrong(
            _("%(part)s is one of: %(known)s.") % {"part": name, "known": ", ".join(known)}
        )
    return value


def _number(value: str, least: int, most: int, name: str) -> int:
    number = int(value) if re.fullmatch(r"[+-]?[0-9]{1,7}", value) else None
    if number is None or not least <= number <= most:
        raise _wrong(
            _("%(part)s is a number from %(least)d to %(most)d.")
            % {"part": name, "least": least, "most": most}
        )
    return number


def _days(value: str) -> Iterator[tuple[int, str]]:
    for each in value.split(",") if value else ():
        found = _DAY.fullmatch(each)
        if found is None or (found[1] is not None and not 1 <= abs(int(found[1])) <= 53):
            raise _wrong(_("BYDAY names days as MO or -1FR. Look at: %(part)s") % {"part": each})
        yield int(found[1] or 0), found[2]


def _numbers(parts: dict[str, str]) -> Iterator[tuple[str, tuple[int, ...]]]:
    for name, value in parts.items():
        if name not in _NUMBERS:
            raise _wrong(_("A rule of RFC 5545 has no part %(part)s.") % {"part": name[:40]})
        least, most = _NUMBERS[name]
        values = tuple(_number(each, least, most, name) for each in value.split(","))
        if 0 in values and name not in _FROM_ZERO:
            raise _wrong(_("%(part)s counts from 1, or from the end with -1.") % {"part": name})
        yield name, values


def _until(value: str) -> str:
    if not value:
        return ""
    message = _("UNTIL is a day as 20271231, or a moment as 20271231T090000Z.")
    try:
        moment = Rule("DAILY", until=value).last_moment()
    except ValueError:
        raise _wrong(message) from None
    if moment is None:
        raise _wrong(message)
    return value
