"""How a council stands: which departments it does not hear, what it decided, and what is due."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet

from backlog.models import Department, User
from backlog.rules import calendars
from council.models import ActionItem, Council, Decision, Meeting, Seat, SeatTerm
from council.rules.verdicts import STANDING

SHOWN: Final = 8
AHEAD: Final = timedelta(days=30)
"""So far ahead something counts as due."""


@dataclass(frozen=True, slots=True)
class Unheard:
    """A department that has no voice there: no voting seat, or nobody in it."""

    department: Department
    has_seat: bool


def unheard(council: Council, user: User) -> list[Unheard]:
    seats = Seat.objects.filter(council=council, department=OuterRef("pk"), is_voting=True)
    sits = SeatTerm.objects.current().filter(seat=OuterRef("pk"), is_alternate=False)
    departments = Department.objects.visible_to(user)
    silent = departments.filter(~Exists(seats.filter(Exists(sits)))).order_by("name", "pk")
    seated = set(
        Seat.objects.filter(council=council, is_voting=True).values_list("department", flat=True)
    )
    return [Unheard(each, each.pk in seated) for each in silent]


def coming(council: Council, *, at: datetime) -> QuerySet[Meeting]:
    """What is under way, and the next meetings."""
    of_council = Meeting.objects.filter(council=council)
    live = of_council.filter(status__in=(*Meeting.UNDER_WAY, *Meeting.TO_COME))
    nothing = Meeting.objects.came_to_nothing(at=at).filter(pk=OuterRef("pk"))
    return live.filter(~Exists(nothing)).order_by("starts_at", "pk")[:SHOWN]


def decided(council: Council, user: User) -> QuerySet[Decision]:
    rows = Decision.objects.visible_to(user).filter(council=council).for_listing()
    return rows.defer("frozen", "options", "search_text")[:SHOWN]


def due_for_review(council: Council, user: User, *, at: datetime) -> QuerySet[Decision]:
    """Decisions to look at again by now or soon, those that are late first."""
    rows = Decision.objects.visible_to(user).filter(
        council=council,
        next_review_on__lte=calendars.day_of(at + AHEAD),
        status__in=STANDING,
    )
    rows = rows.select_related("request").defer("frozen", "options", "search_text")
    return rows.order_by("next_review_on", "pk")[:SHOWN]


def due_actions(council: Council, user: User, *, at: datetime) -> QuerySet[ActionItem]:
    rows = ActionItem.objects.visible_to(user).filter(council=council).unfinished()
    return rows.filter(due_on__lte=calendars.day_of(at + AHEAD)).for_listing()[:SHOWN]
