"""Which day it is: for everybody the same, by the clock of the installation (TIME_ZONE).

A product's sprints, the days they begin, what is due and what is overdue are shared figures. By
the clock of whoever looks, they would differ from one colleague to the next.
"""

from datetime import date, datetime, time

from django.utils import timezone


def day_of(moment: datetime) -> date:
    return timezone.localdate(moment, timezone.get_default_timezone())  # noqa: TID251 -- here


def start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()), timezone.get_default_timezone())
