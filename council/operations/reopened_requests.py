"""Requests that customers' answers have opened again come before the council by themselves."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from backlog.db.isolation import isolated
from backlog.models import CustomerRequest, Event, Reply, RequestStatus, User
from backlog.rules.statuses import Cause
from council import errors
from council.models import AgendaItem, Meeting
from council.operations import agenda_items, meetings
from council.rules import agenda_reasons
from council.rules.agenda_reasons import Code, Reason

Item = AgendaItem.Status


def put_on_agenda(*, by: User | None, at: datetime) -> int:
    """Put them on the agenda of the next meeting that decides about their product.

    Who takes one off has decided so: it comes back only when it is opened again, or when its
    meeting came to nothing or does not reach it. What no meeting is called for waits. Returns how
    many were put there; nobody is the actor. One that cannot be put there holds up no other.
    """
    count = 0
    for request_id, meeting_id in list(_waiting(at=at)):
        with isolated(
            "Request %s cannot be put on the agenda of meeting %s", request_id, meeting_id
        ):
            try:
                agenda_items.add_agenda_item(
                    meeting_id=meeting_id,
                    request_id=request_id,
                    reasons=agenda_reasons.plain([_reason(request_id)]),
                    by=None,
                    at=at,
                )
            except (errors.AlreadyOnAgenda, errors.MeetingOver):
                continue  # Somebody was quicker; what still waits is found again.
            count += 1
    return count


def _reason(request_id: int) -> Reason:
    said_no = Reply.objects.filter(obligation__request=request_id, verdict=Reply.Verdict.NO)
    return Reason(Code.DISPUTED, said_no.count())


def _waiting(*, at: datetime) -> "QuerySet[CustomerRequest, tuple[int, int]]":
    """Opened again and not brought to a council since, and the next meeting; the oldest first.

    What a meeting did not reach, or one that was called off, was not brought.
    """
    opened_again = Event.objects.filter(
        request=OuterRef("pk"),
        at=OuterRef("status_changed_at"),  # The last move was this.
        kind="request.status_changed",
        data__cause=Cause.DISPUTE.value,
    )
    put_since = Event.objects.filter(
        request=OuterRef("request"),
        at__gte=OuterRef("request__status_changed_at"),
        kind="agenda_item.added",
        subject_id=OuterRef("pk"),
    )
    items = AgendaItem.objects.filter(request=OuterRef("pk"))
    nothing = Meeting.objects.came_to_nothing(at=at).filter(pk=OuterRef("meeting"))
    came_to_nothing = Q(status=Item.DEFERRED) | Q(Exists(nothing))
    to_come = Meeting.objects.filter(
        council__products=OuterRef("product"), status__in=meetings.TO_COME, starts_at__gte=at
    )
    return (
        CustomerRequest.objects.filter(Exists(opened_again), status=RequestStatus.UNDER_REVIEW)
        .annotate(meeting=Subquery(to_come.order_by("starts_at", "pk").values("pk")[:1]))
        .filter(
            ~Exists(items.awaited(at=at)),
            ~Exists(items.filter(Exists(put_since)).exclude(came_to_nothing)),
            meeting__gt=0,
        )
        .order_by("status_changed_at", "pk")
        .values_list("pk", "meeting")
    )
