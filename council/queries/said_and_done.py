"""What was said would be done by a day, and what was: by all, by each council and department.

The newest promises of a time are read, at most `SAMPLE`: it costs the same however many there were.
A share never goes out without how many it is of, and between what it truly lies.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from backlog.models import Membership, Product, User
from backlog.rules import calendars
from backlog.statistics import significance
from backlog.statistics.significance import Share
from council.models import ActionItem, Council
from council.rules.said_and_done import Kept, kept

SAMPLE: Final = 5_000
GROUPS: Final = 20
"""The largest; a table of more is read by nobody."""


@dataclass(frozen=True, slots=True)
class SaidAndDone:
    """Of `n` promises whose day has come or that were kept before it: how many were, and when.

    What is not due yet, and what was cancelled, is not among them.
    """

    name: str
    n: int
    on_time: Share | None
    late: Share | None
    overdue: Share | None
    verified: Share | None

    @property
    def shares(self) -> tuple[Share | None, ...]:
        return (self.on_time, self.late, self.overdue, self.verified)


@dataclass(frozen=True, slots=True)
class Promises:
    """`is_sample` where there may be more than was read."""

    total: SaidAndDone
    councils: Sequence[SaidAndDone]
    departments: Sequence[SaidAndDone]
    is_sample: bool


class _Row(NamedTuple):
    council: str
    department: str
    kept: Kept
    is_verified: bool


def promises(
    user: User,
    *,
    first: date,
    end: date,
    at: datetime,
    council: Council | None = None,
    products: "QuerySet[Product] | None" = None,
) -> Promises:
    """Of what was due from `first` until before `end`, as far as the person may see it.

    A department answers for what its people owned on the day it was due.
    """
    rows = ActionItem.objects.visible_to(user).filter(due_on__gte=first, due_on__lt=end)
    if council is not None:
        rows = rows.filter(council=council)
    if products is not None:
        rows = rows.filter(request__product__in=products)
    newest = list(_read(rows))
    today = calendars.day_of(at)
    judged = [
        _Row(name, department or "", result, status == ActionItem.Status.VERIFIED)
        for name, department, status, due_on, claimed_at in newest
        if (result := kept(status, due_on, claimed_at and calendars.day_of(claimed_at), today))
    ]
    return Promises(
        total=_figures("", judged),
        councils=_grouped(judged, lambda row: row.council),
        departments=_grouped(judged, lambda row: row.department),
        is_sample=len(newest) == SAMPLE,
    )


def _read(
    rows: "QuerySet[ActionItem]",
) -> Iterable[tuple[str, str | None, str, date, datetime | None]]:
    owned = Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef("due_on")),
        user=OuterRef("owner"),
        starts_on__lte=OuterRef("due_on"),
    )
    department = Subquery(owned.order_by("-starts_on").values("department__name")[:1])
    # Who joined after it was due speaks for where they are now.
    now = Membership.objects.current().filter(user=OuterRef("owner")).values("department__name")
    spoken_for = Coalesce(department, Subquery(now[:1]))
    newest = rows.exclude(status=ActionItem.Status.CANCELLED).order_by("-due_on", "-pk")
    return newest.values_list("council__name", spoken_for, "status", "due_on", "claimed_at")[
        :SAMPLE
    ]


def _grouped(rows: Sequence[_Row], by: Callable[[_Row], str]) -> list[SaidAndDone]:
    """The largest first."""
    found: dict[str, list[_Row]] = {}
    for row in rows:
        found.setdefault(by(row), []).append(row)
    largest = sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))
    return [_figures(name, of_it) for name, of_it in largest[:GROUPS]]


def _figures(name: str, rows: Sequence[_Row]) -> SaidAndDone:
    counts: Mapping[Kept, int] = Counter(row.kept for row in rows)
    n = len(rows)
    return SaidAndDone(
        name=name,
        n=n,
        on_time=significance.share(counts.get(Kept.ON_TIME, 0), n),
        late=significance.share(counts.get(Kept.LATE, 0), n),
        overdue=significance.share(counts.get(Kept.OVERDUE, 0), n),
        verified=significance.share(sum(row.is_verified for row in rows), n),
    )
