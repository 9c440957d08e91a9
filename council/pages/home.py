"""Home: what waits for the person, how the loop stands, and what changed."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Abs
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from backlog.models import CustomerRequest, Reply, Sprint, User
from backlog.pages.base import Request, page
from backlog.queries import history, loop_metrics
from backlog.queries import memberships as membership_queries
from backlog.rules import calendars
from council.models import ActionItem, AgendaItem, Meeting
from council.pages import things
from council.queries import changes, waiting
from council.rules.things import Kind, in_order

FIRST = 9
"""So many things are shown at once, each with a key of its own; the others are folded away."""
COMING = ("scheduled", "in_session", "inquorate")
VERBS = {
    Kind.MEETING: gettext_lazy("Join the meeting"),
    Kind.PRIVACY: gettext_lazy("Do as they wish"),
    Kind.ACTION: gettext_lazy("Finish"),
    Kind.NO: gettext_lazy("Look at the answers"),
    Kind.ASSESS: gettext_lazy("Assess"),
    Kind.ANNOUNCE: gettext_lazy("Announce"),
    Kind.PLAN: gettext_lazy("Take into a sprint"),
    Kind.AGENDA: gettext_lazy("Prepare for the meeting"),
    Kind.ANSWER: gettext_lazy("Answer the ballot"),
    Kind.REVIEW: gettext_lazy("Did it come true?"),
    Kind.APPROVE: gettext_lazy("Approve the minutes"),
    Kind.ACCEPT: gettext_lazy("Accept as done"),
    Kind.PUT_OFF: gettext_lazy("First, or off the agenda?"),
}


@require_safe
def home(request: Request) -> HttpResponse:
    at, user = timezone.now(), request.user
    meeting = _next_meeting(user, at)
    agenda = list(_agenda(user, meeting))
    return page(
        request,
        "council/home.html",
        title=_("Home"),
        today=calendars.day_of(at),
        meeting=meeting,
        agenda=agenda,
        closure=loop_metrics.recent(user=user, at=at),
        drifting=_drifting(user),
        running=_running(user),
        can_see_answers=user.has_perm("backlog.view_reply"),
        may_see_customers=history.may_see_customers(user),
        answers=_recent_answers(user, at),
        changes=changes.recent(user, at=at),
        change_days=changes.DAYS,
        **_waiting(user, meeting, agenda, at),
    )


def _waiting(
    user: User, meeting: Meeting | None, agenda: list[AgendaItem], at: datetime
) -> dict[str, Any]:
    """The things to do in their order, and what they are made from."""
    today = calendars.day_of(at)
    may_assess = user.has_perm("backlog.assess_request")
    department = membership_queries.department_of(user) if may_assess else None
    requests, count = waiting.to_assess(user, department)
    actions = _my_actions(user, today)
    to_tell = waiting.to_tell(user)
    found = [
        *things.of_meeting(meeting, agenda, user),
        *things.of_ballots(user, at),
        *things.of_items_put_off(user, at),
        *things.of_reviews(user, at),
        *things.of_privacy(user, timezone.localdate(at)),
        *things.of_actions(actions["actions"]),
        *things.of_minutes(user),
        *things.of_claims(user),
        *things.of_noes(user, at),
        *things.of_assessments(requests, meeting, agenda),
        *things.of_announcements(to_tell),
        *things.of_requests_to_plan(waiting.to_plan(user)),
    ]
    ordered = [(VERBS[thing.kind], thing) for thing in in_order(found, today)]
    return {
        **actions,
        "things": ordered[:FIRST],
        "more_things": ordered[FIRST:],
        "department": department,
        "may_assess": may_assess,
        "to_assess": requests,
        "to_assess_count": count,
        "to_assess_beyond": count - len(requests),
        "to_tell": to_tell,
    }


def _my_actions(user: User, today: date) -> dict[str, Any]:
    mine = ActionItem.objects.visible_to(user).unfinished().filter(owner=user)
    counts = mine.aggregate(all=Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=today)))
    return {
        "actions": list(mine.for_listing()[: waiting.SHOWN]),
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
    return board.exclude(drift=0).order_by(Abs("drift").desc(), "pk")[: waiting.SHOWN]


def _running(user: User) -> QuerySet[Sprint]:
    """The sprints of today; those that end first, first."""
    running = Sprint.objects.visible_to(user).filter(status=Sprint.Status.ACTIVE)
    return running.select_related("product").order_by("ends_on", "pk")[: waiting.SHOWN]


def _recent_answers(user: User, at: datetime) -> QuerySet[Reply]:
    recent = Reply.objects.visible_to(user).filter(answered_at__gte=at - waiting.RECENT)
    return recent.for_listing().gravest_first()[: waiting.SHOWN]
