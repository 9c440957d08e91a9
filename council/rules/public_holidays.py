"""Public holidays of the countries that councils sit in, and which day comes instead."""

from datetime import date
from functools import cache
from typing import Final

import holidays
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

COUNTRIES: Final = {
    "KR": _("South Korea"),
    "AU": _("Australia"),
    "CA": _("Canada"),
    "CN": _("China"),
    "FR": _("France"),
    "DE": _("Germany"),
    "IN": _("India"),
    "ID": _("Indonesia"),
    "JP": _("Japan"),
    "NL": _("Netherlands"),
    "SG": _("Singapore"),
    "TW": _("Taiwan"),
    "GB": _("United Kingdom"),
    "US": _("United States"),
    "VN": _("Vietnam"),
}


@cache
def _of(country: str, year: int, language: str) -> holidays.HolidayBase:
    """One year at a time: whoever asks about a day has no use for another."""
    found = holidays.country_holidays(country, years=year)
    wanted = "ko" if language.startswith("ko") else "en_US"
    if wanted in found.supported_languages:
        return holidays.country_holidays(country, years=year, language=wanted)
    return found


def name_of(country: str, day: date) -> str:
    """What is celebrated there on that day, in the reader's language where it has one; or ""."""
    if not country:
        return ""
    found = _of(country, day.year, get_language() or "en").get(day)
    return str(found or "")


def is_working_day(country: str, day: date) -> bool:
    return bool(_of(country, day.year, "en").is_working_day(day))


def next_working_day(country: str, day: date) -> date:
    """The first day after this one that is neither a holiday there nor at a weekend."""
    last = date.max.toordinal()
    after = day.toordinal() + 1
    return next(
        each for n in range(after, last) if is_working_day(country, each := date.fromordinal(n))
    )
