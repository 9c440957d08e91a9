"""How a sprint fares: who has time for what is in it, and how much is done, day by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from backlog.models import Capacity, Commitment, Department, Effort, Outcome, Sprint
from backlog.rules.calendars import day_of
from backlog.statistics import burn_up as burn_up_statistics
from backlog.statistics import capacity

LONGEST: Final = timedelta(days=366)
"""A sprint of more than a year is a slip of the pen, and no chart is drawn of it."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one department has, and what is asked of it."""

    department: Department
    days: capacity.Load


def loads(sprint: Sprint) -> list[Load]:
    """Of every department that has time in the sprint or is needed for a live commitment."""
    planned = dict(Capacity.objects.filter(sprint=sprint).values_list("department", "days"))
    live = Commitment.objects.live().filter(sprint=sprint)
    efforts = Effort.objects.filter(commitment__in=live).values_list("department", "days")
    found = capacity.loads(planned, efforts)
    departments = Department.objects.in_bulk([each.department for each in found])
    named = [Load(departments[each.department], each) for each in found]
    return sorted(named, key=lambda load: load.department.name)


def burn_up(sprint: Sprint, *, at: datetime) -> list[burn_up_statistics.Day]:
    """Until the last day of the sprint, or until today where it runs longer than was planned."""
    today = day_of(at)
    ended_on = day_of(sprint.closed_at) if sprint.closed_at else today
    last = max(sprint.ends_on, ended_on) if sprint.started_at else sprint.ends_on
    if sprint.started_at is None or last - sprint.starts_on > LONGEST:
        return []
    return burn_up_statistics.burn_up(
        _taken(sprint), first=sprint.starts_on, last=last, today=ended_on
    )


def _taken(sprint: Sprint) -> Sequence[burn_up_statistics.Taken]:
    rows = Commitment.objects.filter(sprint=sprint).values_list(
        "pk", "committed_at", "withdrawn_at"
    )
    reached = (
        Outcome.objects.current()
        .filter(commitment__sprint=sprint, shipped_at__isnull=False)
        .exclude(result=Outcome.Result.ROLLED_BACK)
    )
    done = dict(reached.values_list("commitment", "shipped_at"))
    return [
        burn_up_statistics.Taken(day_of(committed), _day(withdrawn), _day(done.get(pk)))
        for pk, committed, withdrawn in rows
    ]


def _day(moment: datetime | None) -> date | None:
    return day_of(moment) if moment else None
