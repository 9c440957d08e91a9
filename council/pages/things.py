"""What waits for a person, gathered from everything that can: each thing with where it is done."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Exists, Max, Min, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backlog.models import (
    Assessment,
    CustomerRequest,
    Obligation,
    Outcome,
    PrivacyRequest,
    Reply,
    RequestStatus,
    StatusUpdate,
    User,
)
from council.models import ActionItem, AgendaItem, Meeting
from council.queries import agenda_reason_texts
from council.rules.agenda import PATIENCE
from council.rules.things import Kind, Thing

SHOWN: Final = 6
MANY: Final = 100
"""More than this are not counted."""
RECENT: Final = timedelta(days=30)


def of_meeting(meeting: Meeting | None, agenda: Sequence[AgendaItem]) -> Iterator[Thing]:
    """To be there while it lasts; before, to read what it will decide about."""
    if meeting is None:
        return
    address = reverse("council:meeting", args=[meeting.pk])
    if meeting.status in Meeting.UNDER_WAY:
        yield Thing(Kind.MEETING, meeting.title, address)
    elif agenda:
        n = len(agenda)
        items = ngettext("%(n)s item", "%(n)s items", n) % {"n": n}
        yield Thing(
            Kind.AGENDA, meeting.title, address, due=localdate(meeting.starts_at), detail=items
        )


def of_items_put_off(user: User, at: datetime) -> Iterator[Thing]:
    """For the chair: what their council has not reached so often that they are to decide on it."""
    items = AgendaItem.objects.visible_to(user).awaited(at=at)
    put_off = items.filter(meeting__council__chair=user, times_deferred__gte=PATIENCE)
    rows = put_off.select_related("meeting", "request").order_by("meeting__starts_at", "pk")
    for item in rows[:SHOWN]:
        yield Thing(
            Kind.PUT_OFF,
            item.request.title if item.request else item.title,
            reverse("council:meeting", args=[item.meeting_id]) + f"#item-{item.pk}",
            key=item.request.key if item.request else "",
            due=localdate(item.meeting.starts_at),
            detail=agenda_reason_texts.carried_over(item.times_deferred),
        )


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


def of_assessments(
    requests: Iterable[CustomerRequest], meeting: Meeting | None, agenda: Iterable[AgendaItem]
) -> Iterator[Thing]:
    """Before the meeting that is to decide about it."""
    awaited = {item.request_id for item in agenda}
    for row in requests:
        is_next = meeting is not None and row.pk in awaited
        yield Thing(
            Kind.ASSESS,
            row.title,
            reverse("council:request-assessment", args=[row.key]),
            key=row.key,
            due=localdate(meeting.starts_at) if meeting and is_next else None,
            detail=_("before %(meeting)s") % {"meeting": meeting.title}
            if meeting and is_next
            else "",
        )


def of_actions(actions: Iterable[ActionItem]) -> Iterator[Thing]:
    for each in actions:
        yield Thing(
            Kind.ACTION,
            each.title,
            reverse("admin:council_actionitem_change", args=[each.pk]),
            due=each.due_on,
            detail="" if each.status == ActionItem.Status.OPEN else each.get_status_display(),
        )


def of_privacy(user: User, today: date) -> Iterator[Thing]:
    """Wishes about people's own data, as one thing: due as the first of them is."""
    waiting = (
        PrivacyRequest.objects.visible_to(user)
        .open()
        .aggregate(
            n=Count("pk"), first=Min("due_on"), overdue=Count("pk", filter=Q(due_on__lt=today))
        )
    )
    if not waiting["n"]:
        return
    n, overdue = waiting["n"], waiting["overdue"]
    title = ngettext("%(n)s wish about somebody's data", "%(n)s wishes about people's data", n)
    late = ngettext("%(n)s wish is overdue", "%(n)s wishes are overdue", overdue)
    yield Thing(
        Kind.PRIVACY,
        title % {"n": n},
        reverse("backlog:privacy"),
        due=waiting["first"],
        detail=late % {"n": overdue} if overdue else "",
    )


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


def of_announcements(subjects: Iterable[Outcome | StatusUpdate]) -> Iterator[Thing]:
    for each in subjects:
        is_outcome = isinstance(each, Outcome)
        yield Thing(
            Kind.ANNOUNCE,
            each.request.title,
            reverse(
                "backlog:announce" if is_outcome else "backlog:status-update-announce",
                args=[each.pk],
            ),
            key=each.request.key,
            detail=str(
                each.get_result_display() if isinstance(each, Outcome) else each.get_kind_display()
            ),
        )


def of_noes(user: User, at: datetime) -> Iterator[Thing]:
    """Requests that stand as solved, and customers who say they are not."""
    if not user.has_perm("backlog.edit_request"):
        return
    said_no = Reply.objects.visible_to(user).filter(
        verdict=Reply.Verdict.NO,
        answered_at__gte=at - RECENT,
        obligation__request__status__in=(RequestStatus.DELIVERED, RequestStatus.VERIFIED),
    )
    by_request = (
        said_no.order_by()
        .values("obligation__request__key", "obligation__request__title")
        .annotate(n=Count("pk"), last=Max("answered_at"))
        .order_by("-n", "-last")[:SHOWN]
    )
    for each in by_request:
        key = each["obligation__request__key"]
        said = ngettext("%(n)s customer said no", "%(n)s customers said no", each["n"])
        yield Thing(
            Kind.NO,
            each["obligation__request__title"],
            reverse("council:request", args=[key]) + "#answers",
            key=key,
            detail=said % {"n": each["n"]},
        )
