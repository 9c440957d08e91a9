"""What waits for a person, as far as they may see it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Exists, Max, Min, OuterRef, Q

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
from council.models import ActionItem, AgendaItem, Attendance, Minutes, MinutesApproval
from council.rules.agenda import PATIENCE

SHOWN: Final = 6
PLANNED: Final = 3
"""Of what waits for a sprint; the board has all."""
MANY: Final = 100
"""More than this are not counted."""
RECENT: Final = timedelta(days=30)


def to_assess(user: User, department: Any) -> tuple[list[CustomerRequest], int]:
    """Under review, and not assessed by the department: the oldest first, and how many."""
    if department is None:
        return [], 0
    own = Assessment.objects.filter(request=OuterRef("pk"), department=department)
    waiting = CustomerRequest.objects.visible_to(user).filter(
        ~Exists(own), status=RequestStatus.UNDER_REVIEW
    )
    shown = waiting.select_related("product").order_by("status_changed_at", "pk")[:SHOWN]
    return list(shown), waiting[:MANY].count()


def minutes_to_approve(user: User) -> list[Minutes]:
    """Under review, of meetings where the person was, and not approved by them as they read now."""
    if not user.has_perm("council.attend_meeting"):
        return []
    there = Attendance.objects.filter(meeting=OuterRef("meeting"), user=user)
    was_there = Exists(there.exclude(capacity=Attendance.Capacity.PROXY))
    said = MinutesApproval.objects.filter(
        minutes=OuterRef("pk"), revision=OuterRef("revision"), user=user
    )
    rows = Minutes.objects.in_review().filter(was_there, ~Exists(said))
    return list(rows.select_related("meeting").order_by("review_until", "pk")[:SHOWN])


def actions_to_accept(user: User) -> list[ActionItem]:
    """Said to be done by others, those that wait longest first."""
    if not user.has_perm("council.assign_action"):
        return []
    claimed = ActionItem.objects.visible_to(user).to_accept_by(user.pk)
    return list(claimed.select_related("owner").order_by("claimed_at", "pk")[:SHOWN])


def to_tell(user: User) -> list[Outcome | StatusUpdate]:
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


def to_plan(user: User) -> Iterable[CustomerRequest]:
    """Approved, and in no sprint though their product has one to take them in; the first ranked."""
    if not user.has_perm("backlog.plan_sprint"):
        return []
    taking_in = Sprint.objects.filter(product=OuterRef("product")).exclude(
        status=Sprint.Status.CLOSED
    )
    approved = CustomerRequest.objects.visible_to(user).filter(
        Exists(taking_in), status=RequestStatus.APPROVED
    )
    return approved.on_board().order_by("rank", "pk")[:PLANNED]


def items_put_off(user: User, at: datetime) -> Iterable[AgendaItem]:
    """What meetings did not reach too often, for the chair of their council; the next first."""
    items = AgendaItem.objects.visible_to(user).awaited(at=at)
    put_off = items.filter(meeting__council__chair=user, times_deferred__gte=PATIENCE)
    rows = put_off.select_related("meeting", "request").order_by("meeting__starts_at", "pk")
    return rows[:SHOWN]


def privacy_requests(user: User, today: date) -> dict[str, Any]:
    """How many wishes about people's own data are open and overdue, and when the first is due."""
    return (
        PrivacyRequest.objects.visible_to(user)
        .open()
        .aggregate(
            n=Count("pk"), first=Min("due_on"), overdue=Count("pk", filter=Q(due_on__lt=today))
        )
    )


def noes(user: User, at: datetime) -> Iterable[Mapping[str, Any]]:
    """Requests that stand as solved, and of which customers said lately that they are not."""
    said_no = Reply.objects.visible_to(user).filter(
        verdict=Reply.Verdict.NO,
        answered_at__gte=at - RECENT,
        obligation__request__status__in=(RequestStatus.DELIVERED, RequestStatus.VERIFIED),
    )
    return (
        said_no.order_by()
        .values("obligation__request__key", "obligation__request__title")
        .annotate(n=Count("pk"), last=Max("answered_at"))
        .order_by("-n", "-last")[:SHOWN]
    )
