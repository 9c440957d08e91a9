"""What can be done next with a request, by whoever looks at it."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from backlog.models import (
    Commitment,
    CustomerRequest,
    Outcome,
    RequestStatus,
    Sprint,
    StatusUpdate,
    User,
)
from council.models import AgendaItem, Meeting
from council.queries import agenda_items as agenda_item_queries
from council.queries import decisions as decision_queries


@dataclass(frozen=True, slots=True)
class Steps:
    """Each is empty where it is not the time for it, or not this person's to do.

    Where the council takes it up, and what nobody has announced yet, is for everybody to read.
    """

    meetings: list[Meeting] = field(default_factory=list)
    needs_meeting: bool = False
    sprints: list[Sprint] = field(default_factory=list)
    agenda_item: AgendaItem | None = None
    to_record: Commitment | None = None
    to_announce: Outcome | None = None
    to_tell: StatusUpdate | None = None

    @property
    def is_in_session(self) -> bool:
        item = self.agenda_item
        return item is not None and decision_queries.can_be_decided(item)


def next_steps(request: CustomerRequest, user: User, *, at: datetime) -> Steps:
    steps = _of_its_way(request, user, at)
    return replace(steps, to_announce=_to_announce(request), to_tell=_to_tell(request))


def _of_its_way(request: CustomerRequest, user: User, at: datetime) -> Steps:
    status = request.status
    if status in agenda_item_queries.UNDECIDED:
        item = _on_agenda(request, user, at)
        if item is not None or not user.has_perm("council.edit_agenda"):
            return Steps(agenda_item=item)
        coming = list(meetings_for(request, user, at=at)[:10])
        return Steps(meetings=coming, needs_meeting=not coming)
    if status == RequestStatus.APPROVED and user.has_perm("backlog.plan_sprint"):
        return Steps(sprints=list(sprints_for(request, user)))
    if status == RequestStatus.IN_PROGRESS and user.has_perm("backlog.record_outcome"):
        return Steps(to_record=request.commitments.live().order_by("-pk").first())
    return Steps()


def _on_agenda(request: CustomerRequest, user: User, at: datetime) -> AgendaItem | None:
    """Where the council takes it up next."""
    items = AgendaItem.objects.visible_to(user).awaited(at=at).filter(request=request)
    return items.select_related("meeting").order_by("meeting__starts_at", "pk").first()


def meetings_for(request: CustomerRequest, user: User, *, at: datetime) -> QuerySet[Meeting]:
    """Meetings to come of councils that decide about the product, where it is not on the agenda."""
    on_agenda = AgendaItem.objects.filter(meeting=OuterRef("pk"), request=request).exclude(
        status__in=["withdrawn", "declined"]
    )
    return (
        Meeting.objects.visible_to(user)
        .filter(
            ~Exists(on_agenda),
            ~Exists(Meeting.objects.came_to_nothing(at=at).filter(pk=OuterRef("pk"))),
            council__products=request.product_id,
            status__in=["draft", "scheduled", "in_session", "inquorate"],
        )
        .order_by("starts_at", "pk")
    )


def sprints_for(request: CustomerRequest, user: User) -> QuerySet[Sprint]:
    """Sprints of the product that still take something in."""
    sprints = Sprint.objects.visible_to(user).filter(product=request.product_id)
    return sprints.exclude(status=Sprint.Status.CLOSED).order_by("starts_on", "pk")


def _to_announce(request: CustomerRequest) -> Outcome | None:
    outcomes = Outcome.objects.current().filter(
        commitment__request=request, announcement__announced_at__isnull=True
    )
    return outcomes.order_by("-pk").first()


def _to_tell(request: CustomerRequest) -> StatusUpdate | None:
    """What customers are to hear beside outcomes, and nobody has announced."""
    return StatusUpdate.objects.waiting().filter(request=request).first()
