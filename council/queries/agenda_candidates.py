"""What a council could take up next: from where it comes, why, and since when it waits.

Each source reads a bounded number of rows by an index, so that this takes as long at a million
requests as at a hundred (decision 0026). What is on an agenda already, what was taken off this one,
and what the council has dealt with lately, is not proposed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Abs

from backlog.models import CustomerRequest, Product, Reply, RequestStatus, User
from backlog.models.requests import ON_BOARD
from backlog.queries import unanswered
from backlog.rules import calendars
from council.models import ActionItem, AgendaItem, Decision, Meeting
from council.queries import agenda_items
from council.rules.agenda_reasons import Code, Reason
from council.rules.verdicts import STANDING

EACH: Final = 20
"""So many of each source are looked at."""
CONTESTED: Final = 40
DRIFTS: Final = 25
"""Points from which scores are contested, and from which a rank is far from its score."""
RECENT: Final = timedelta(days=30)
RESTS: Final = timedelta(days=28)
"""What the council has dealt with comes back by its figures alone only after so long."""
SILENT_DAYS: Final = unanswered.AGES[1]
DEALT_WITH: Final = ("decided", "actioned", "informed")


@dataclass(slots=True)
class Waiting:
    """A request, or the overdue actions together (`request` is None); `item` if it is left over."""

    request: CustomerRequest | None
    since: datetime | None
    item: AgendaItem | None = None
    reasons: list[Reason] = field(default_factory=list)


def waiting_for(meeting: Meeting, *, user: User | None, at: datetime) -> list[Waiting]:
    """All that could come up, each once with all of its reasons, in any order."""
    found: dict[int, Waiting] = {}
    for request, reason, item in _requests(meeting, user, at):
        since = max(filter(None, (request.status_changed_at, getattr(request, "dealt_with", None))))
        each = found.setdefault(request.pk, Waiting(request, since))
        each.item = each.item or item
        each.reasons.append(reason)
    _add_silence(found, at)
    actions = _overdue_actions(meeting, user)
    return [*found.values(), *actions]


Found = Iterator[tuple[CustomerRequest, Reason, AgendaItem | None]]


def _requests(meeting: Meeting, user: User | None, at: datetime) -> Found:
    products = _products(meeting, user)
    rows = _free(meeting, at).filter(product__in=products)
    rested = rows.filter(~Exists(_dealt_with(meeting).filter(meeting__ended_at__gte=at - RESTS)))
    yield from _left_over(meeting, products, at)
    yield from _disputed(meeting, rows, at)
    yield from _with_evidence(meeting, rows)
    yield from _due_for_review(meeting, rows)
    yield from _contested(rested)
    yield from _drifting(rested)
    yield from _longest_under_review(rested)
    for product in products:
        yield from _top(rested.filter(product=product))


def _products(meeting: Meeting, user: User | None) -> list[Product]:
    seen = meeting.council.products.all()
    return list((seen.visible_to(user) if user else seen).order_by("pk"))


def _free(meeting: Meeting, at: datetime) -> "QuerySet[CustomerRequest]":
    """On no agenda that is to come, and not taken off this one."""
    same = AgendaItem.objects.filter(request=OuterRef("pk"))
    dealt_with = _dealt_with(meeting).order_by().values("request")
    return (
        CustomerRequest.objects.filter(
            ~Exists(same.awaited(at=at)), ~Exists(same.filter(meeting=meeting))
        )
        .annotate(dealt_with=Subquery(dealt_with.values(last=Max("meeting__ended_at"))))
        .select_related("product", "owner")
        .defer("problem", "root_cause", "perfect_picture")
    )


def _dealt_with(meeting: Meeting) -> "QuerySet[AgendaItem]":
    return AgendaItem.objects.filter(
        request=OuterRef("pk"), meeting__council=meeting.council_id, status__in=DEALT_WITH
    )


def _left_over(meeting: Meeting, products: list[Product], at: datetime) -> Found:
    """What a meeting did not reach: all of it, for it was promised."""
    left = agenda_items.left_over(meeting.council_id, at).filter(request__product__in=products)
    for item in left.select_related("request__product", "request__owner"):
        assert item.request is not None
        yield item.request, Reason(Code.CARRIED_OVER, item.times_deferred), item


def _disputed(meeting: Meeting, rows: "QuerySet[CustomerRequest]", at: datetime) -> Found:
    """What stands as solved, and customers say that it is not."""
    looked_at = AgendaItem.objects.filter(
        request=OuterRef("obligation__request"),
        meeting__council=meeting.council_id,
        meeting__ended_at__gte=OuterRef("answered_at"),
        status__in=DEALT_WITH,
    )
    noes = Reply.objects.filter(
        ~Exists(looked_at),
        verdict=Reply.Verdict.NO,
        answered_at__gte=at - RECENT,
        obligation__request__in=rows.filter(
            status__in=(RequestStatus.DELIVERED, RequestStatus.VERIFIED)
        ),
    )
    counted = (
        noes.order_by()
        .values("obligation__request")
        .annotate(n=Count("pk"), first=Min("answered_at"))
        .order_by("-n", "obligation__request")[:EACH]
    )
    by_request = {row["obligation__request"]: row for row in counted}
    for request in rows.filter(pk__in=by_request):
        row = by_request[request.pk]
        yield request, Reason(Code.DISPUTED, row["n"], _day(calendars.day_of(row["first"]))), None


def _with_evidence(meeting: Meeting, rows: "QuerySet[CustomerRequest]") -> Found:
    """What the council asked for evidence on, and whoever was asked says that it is there."""
    taken_up = AgendaItem.objects.filter(
        request=OuterRef("request"),
        meeting__council=meeting.council_id,
        meeting__opened_at__gt=OuterRef("decided_at"),
        status__in=DEALT_WITH,
    )
    answered = Decision.objects.filter(
        ~Exists(taken_up),
        council=meeting.council_id,
        status__in=STANDING,
        evidence_asked__status__in=("claimed_done", "verified"),
        request__in=rows,
    )
    asked = dict(answered.order_by("decided_at", "pk").values_list("request", "decided_at")[:EACH])
    for request in rows.filter(pk__in=asked):
        yield request, Reason(Code.EVIDENCE, since=_day(calendars.day_of(asked[request.pk]))), None


def _due_for_review(meeting: Meeting, rows: "QuerySet[CustomerRequest]") -> Found:
    due = Decision.objects.filter(
        council=meeting.council_id,
        next_review_on__lte=calendars.day_of(meeting.starts_at),
        status__in=STANDING,
        request__in=rows,
    )
    days = dict(
        due.order_by("next_review_on", "pk").values_list("request", "next_review_on")[:EACH]
    )
    for request in rows.filter(pk__in=days):
        yield request, Reason(Code.REVIEW_DUE, since=_day(days[request.pk])), None


def _contested(rows: "QuerySet[CustomerRequest]") -> Found:
    far = rows.filter(contested__gte=CONTESTED, status__in=ON_BOARD)
    for request in far.order_by("-contested", "-pk")[:EACH]:
        yield request, Reason(Code.CONTESTED, round(request.contested or 0)), None


def _drifting(rows: "QuerySet[CustomerRequest]") -> Found:
    far = rows.filter(drift__isnull=False, status__in=ON_BOARD).order_by(Abs("drift").desc(), "pk")
    for request in far[:EACH]:
        if abs(request.drift or 0) >= DRIFTS:
            yield request, Reason(Code.DRIFT, round(request.drift or 0)), None


def _longest_under_review(rows: "QuerySet[CustomerRequest]") -> Found:
    waiting = rows.filter(status=RequestStatus.UNDER_REVIEW).order_by("status_changed_at", "pk")
    for request in waiting[:EACH]:
        day = calendars.day_of(request.status_changed_at)
        yield request, Reason(Code.WAITING, since=_day(day)), None


def _top(rows: "QuerySet[CustomerRequest]") -> Found:
    """The first of a product's board that nobody has decided on. They are never compared across
    products: a rank means something on its own board only."""
    undecided = rows.filter(status__in=(RequestStatus.NEW, RequestStatus.UNDER_REVIEW))
    on_board = undecided.filter(status__in=ON_BOARD).order_by("rank", "pk")[:EACH]
    for place, request in enumerate(on_board, 1):
        yield request, Reason(Code.TOP, place), None


def _add_silence(found: dict[int, Waiting], at: datetime) -> None:
    """For whom customers have waited long without a word; it is said of what comes up anyway."""
    requests = [each.request for each in found.values() if each.request is not None]
    for pk, row in unanswered.counts(requests, at=at).items():
        if customers := row[f"longer_than_{SILENT_DAYS}"]:
            day = calendars.day_of(row["since"])
            found[pk].reasons.append(Reason(Code.SILENT, customers, _day(day)))


def _overdue_actions(meeting: Meeting, user: User | None) -> Iterator[Waiting]:
    """As one item, unless this agenda has it: a meeting goes through them together."""
    has_it = meeting.agenda_items.filter(
        Q(request__isnull=True), reasons__0__code=Code.OVERDUE_ACTIONS.value
    )
    actions = ActionItem.objects.all() if user is None else ActionItem.objects.visible_to(user)
    overdue: dict[str, Any] = (
        actions.filter(council=meeting.council_id, due_on__lt=calendars.day_of(meeting.starts_at))
        .unfinished()
        .aggregate(n=Count("pk"), first=Min("due_on"))
    )
    if overdue["n"] and not has_it.exists():
        reason = Reason(Code.OVERDUE_ACTIONS, overdue["n"], _day(overdue["first"]))
        yield Waiting(None, None, reasons=[reason])


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
