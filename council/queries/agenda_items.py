"""What became of agenda items: what was not reached, how often, and why one was declined."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, Subquery

from backlog.models import CustomerRequest, Event, RequestStatus
from council.models import AgendaItem, Meeting
from council.models.agenda_items import AgendaItemQuerySet

UNDECIDED = (
    RequestStatus.NEW,
    RequestStatus.UNDER_REVIEW,
    RequestStatus.DEFERRED,
    RequestStatus.DECLINED,
)


def left_over(council_id: int, at: datetime) -> AgendaItemQuerySet:
    """What the council was to take up, did not, and has on no agenda since.

    A request comes back by whatever item was its last; a topic by its own, which no other goes on.
    """
    of_council = AgendaItem.objects.filter(meeting__council=council_id, request=OuterRef("request"))
    latest = of_council.order_by("-pk").values("pk")[:1]
    nothing = Meeting.objects.came_to_nothing(at=at).filter(pk=OuterRef("meeting"))
    elsewhere = AgendaItem.objects.awaited(at=at).filter(request=OuterRef("request"))
    is_request = Q(
        ~Exists(elsewhere),
        pk=Subquery(latest),
        request__status__in=UNDECIDED,
        request__product__councils=council_id,
    )
    is_topic = Q(request__isnull=True, carried_to__isnull=True)
    waiting = AgendaItem.objects.filter(
        Q(status=AgendaItem.Status.DEFERRED) | Q(Exists(nothing), status__in=AgendaItem.OPEN),
        is_request | is_topic,
        meeting__council=council_id,
    )
    return waiting.select_related("request", "presenter").order_by("pk")


def times_carried_over(meeting: Meeting, request: CustomerRequest | None, at: datetime) -> int:
    """How often in a row this council did not reach it; what came to nothing neither counts nor
    begins the count anew."""
    if request is None:
        return 0
    earlier = AgendaItem.objects.filter(meeting__council=meeting.council_id, request=request)
    last = earlier.exclude(meeting=meeting).order_by("-pk").first()
    if last is None:
        return 0
    nothing = Meeting.objects.came_to_nothing(at=at).filter(pk=last.meeting_id)
    goes_on = last.status == AgendaItem.Status.DEFERRED or (
        last.status in AgendaItem.OPEN and nothing.exists()
    )
    return last.times_deferred if goes_on else 0


def why_declined(declined: list[AgendaItem]) -> list[tuple[AgendaItem, str]]:
    """Each with the reason that the ledger has of it; no query where there is none."""
    if not declined:
        return []
    said = Event.objects.filter(
        kind="agenda_item.declined",
        subject_type="agendaitem",
        subject_id__in=[item.pk for item in declined],
    )
    reasons = dict(said.order_by("pk").values_list("subject_id", "reason"))
    return [(item, reasons.get(item.pk, "")) for item in declined]
