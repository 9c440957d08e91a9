"""Home: what waits for the person, what comes next, and whether customers hear back."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Abs
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backlog.models import (
    Assessment,
    CustomerRequest,
    Obligation,
    Outcome,
    PrivacyRequest,
    Reply,
    RequestStatus,
    Sprint,
    StatusUpdate,
    User,
)
from backlog.pages.base import Request, page
from backlog.queries import history, loop_metrics
from backlog.queries import memberships as membership_queries
from backlog.rules import calendars
from council.models import ActionItem, AgendaItem, Meeting

SHOWN = 6
MANY = 100
"""More than this are not counted."""
RECENT = timedelta(days=30)
WEEK = timedelta(days=7)
COMING = ("scheduled", "in_session", "inquorate")


@require_safe
def home(request: Request) -> HttpResponse:
    at = timezone.now()
    user = request.user
    meeting = _next_meeting(user, at)
    return page(
        request,
        "council/home.html",
        title=_("Home"),
        today=calendars.day_of(at),
        meeting=meeting,
        agenda=_agenda(user, meeting),
        closure=loop_metrics.recent(user=user, at=at),
        drifting=_drifting(user),
        running=_running(user),
        can_see_answers=user.has_perm("backlog.view_reply"),
        may_see_customers=history.may_see_customers(user),
        answers=_recent_answers(user, at),
        can_announce=user.has_perm("backlog.announce_outcome"),
        to_tell=_to_tell(user),
        privacy_due=_privacy_due(user, timezone.localdate(at)),
        **_to_assess(user),
        **_my_actions(user, calendars.day_of(at)),
    )


def _privacy_due(user: User, today: date) -> dict[str, int]:
    """How many wishes about people's own data are due within a week, and overdue."""
    waiting = PrivacyRequest.objects.visible_to(user).open().filter(due_on__lte=today + WEEK)
    return waiting.aggregate(
        soon=Count("pk", filter=Q(due_on__gte=today)),
        overdue=Count("pk", filter=Q(due_on__lt=today)),
    )


def _to_assess(user: User) -> dict[str, Any]:
    """Requests under review that the person's department has not assessed, the oldest first."""
    may = user.has_perm("backlog.assess_request")
    department = membership_queries.department_of(user) if may else None
    if department is None:
        return {"department": None, "to_assess": [], "to_assess_count": 0}
    own = Assessment.objects.filter(request=OuterRef("pk"), department=department)
    waiting = CustomerRequest.objects.visible_to(user).filter(
        ~Exists(own), status=RequestStatus.UNDER_REVIEW
    )
    return {
        "department": department,
        "to_assess": waiting.select_related("product").order_by("status_changed_at", "pk")[:SHOWN],
        "to_assess_count": waiting[:MANY].count(),
        "many": MANY,
    }


def _my_actions(user: User, today: date) -> dict[str, Any]:
    mine = ActionItem.objects.visible_to(user).unfinished().filter(owner=user)
    counts = mine.aggregate(all=Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=today)))
    return {
        "actions": mine.for_listing()[:SHOWN],
        "actions_count": counts["all"],
        "overdue_count": counts["overdue"],
    }


def _next_meeting(user: User, at: datetime) -> Meeting | None:
    coming = Meeting.objects.visible_to(user).filter(
        status__in=COMING, starts_at__gte=at - timedelta(days=1)
    )
    return coming.select_related("council").order_by("starts_at", "pk").first()


def _agenda(user: User, meeting: Meeting | None) -> QuerySet[AgendaItem]:
    items = AgendaItem.objects.visible_to(user).filter(meeting=meeting).for_listing()
    return items.exclude(status__in=["withdrawn", "declined"])


def _drifting(user: User) -> QuerySet[CustomerRequest]:
    """Where rank and priority disagree most, whichever way."""
    board = CustomerRequest.objects.visible_to(user).on_board().filter(drift__isnull=False)
    return board.exclude(drift=0).order_by(Abs("drift").desc(), "pk")[:SHOWN]


def _running(user: User) -> QuerySet[Sprint]:
    """The sprints of today; those that end first, first."""
    running = Sprint.objects.visible_to(user).filter(status=Sprint.Status.ACTIVE)
    return running.select_related("product").order_by("ends_on", "pk")[:SHOWN]


def _recent_answers(user: User, at: datetime) -> QuerySet[Reply]:
    recent = Reply.objects.visible_to(user).filter(answered_at__gte=at - RECENT)
    return recent.for_listing().gravest_first()[:SHOWN]


def _to_tell(user: User) -> list[Outcome | StatusUpdate]:
    """What customers wait to hear until somebody announces it, the latest first."""
    if not user.has_perm("backlog.announce_outcome"):
        return []
    owed = Obligation.objects.filter(
        announcement__outcome=OuterRef("pk"), status=Obligation.Status.OWED
    )
    outcomes = (
        Outcome.objects.visible_to(user)
        .current()
        .filter(Exists(owed), announcement__announced_at__isnull=True)
    )
    status_update = StatusUpdate.objects.visible_to(user).waiting()
    found = [*outcomes.for_listing()[:SHOWN], *status_update.for_listing()[:SHOWN]]
    return sorted(found, key=lambda each: each.recorded_at, reverse=True)[:SHOWN]
