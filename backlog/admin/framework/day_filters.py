"""Narrowing a list to days, the first and the last included."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.utils import parse_date_str

from backlog.rules import calendars


class DaysFilter(RangeDateFilter):
    """Of days and of moments. A day begins for everybody at once; the last one lasts to its end."""

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        name, is_moment = self.field_path, isinstance(self.field, DateTimeField)
        first, last = self._day("from"), self._day("to")
        if first is not None:
            begins = _start_of(first) if is_moment else first
            queryset = queryset.filter(**{f"{name}__gte": begins}) if begins else queryset
        if last is not None and not is_moment:
            queryset = queryset.filter(**{f"{name}__lte": last})
        elif last is not None and (ends := _start_of(last, days=1)):
            queryset = queryset.filter(**{f"{name}__lt": ends})
        return queryset

    def _day(self, end: str) -> date | None:
        """None where no day is given, or what is given is none."""
        day: date | None = parse_date_str(str(self.used_parameters.get(f"{self.field_path}_{end}")))
        return day


def _start_of(day: date, *, days: int = 0) -> datetime | None:
    """None beyond the first and the last moment that there is: nothing lies there."""
    try:
        return calendars.start_of(day + timedelta(days=days)).astimezone(UTC)
    except OverflowError:
        return None
