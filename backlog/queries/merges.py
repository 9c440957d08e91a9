"""Merged requests: what a merge would do, why it may not be, and what was merged by way of what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import Commitment, CustomerRequest, Event, Evidence, Obligation
from backlog.models.evidence import EvidenceQuerySet
from backlog.queries import askers

MERGED: Final = "request.merged"

Obstacle = Callable[[CustomerRequest], errors.Refusal | None]
"""Why this request cannot be merged into another now, if so."""

_obstacles: list[Obstacle] = []


def register(obstacle: Obstacle) -> None:
    """Let an app that builds on this one keep a request from being merged."""
    if obstacle not in _obstacles:
        _obstacles.append(obstacle)


def refusal_to_merge(merged: CustomerRequest, survivor: CustomerRequest) -> errors.Refusal | None:
    """Why the first cannot be merged into the second; None where it can."""
    if merged.pk == survivor.pk:
        return errors.Invalid(
            _("A request cannot be merged into itself."), field="into", code="into_itself"
        )
    if merged.product_id != survivor.product_id:
        return errors.Invalid(
            _("%(key)s is of another product: its council decides on it.") % {"key": survivor.key},
            field="into",
            code="of_another_product",
        )
    for row in (merged, survivor):
        if refusal := refusal_of_merged(row):
            return refusal
    if _awaits_outcome(merged):
        return errors.AlreadyCommitted(
            _(
                "%(key)s is in a sprint, and it is not known yet what became of it there. Take it "
                "back out, or merge the other request into it."
            )
            % {"key": merged.key}
        )
    found = (obstacle(merged) for obstacle in _obstacles)
    return next((refusal for refusal in found if refusal is not None), None)


def refusal_of_merged(row: CustomerRequest) -> errors.RequestMerged | None:
    """A merged request takes nothing more: what to turn to instead."""
    if row.merged_into is None:
        return None
    return errors.RequestMerged(
        _("%(key)s was merged into %(survivor)s. Turn to that one.")
        % {"key": row.key, "survivor": row.merged_into.key},
        survivor=row.merged_into_id,
    )


def _awaits_outcome(request: CustomerRequest) -> bool:
    return Commitment.objects.live().filter(request=request, outcomes__isnull=True).exists()


def merge_of(request: CustomerRequest) -> Event | None:
    """The last time it was merged into another, and what it was until then."""
    events = Event.objects.filter(kind=MERGED, request=request)
    return events.order_by("-pk").first()


def merged_by_way_of(request: CustomerRequest) -> dict[int, datetime]:
    """Of all that is merged where this one is, what came there by way of it, and since when.

    That is what had been merged into this one before; the time, of the last merge on its way to it.
    """
    others = CustomerRequest.objects.filter(merged_into=request.merged_into_id)
    ids = set(others.values_list("pk", flat=True))
    rows = Event.objects.filter(kind=MERGED, request__in=ids).order_by("pk")
    events = {event.request_id: event for event in rows}
    found = {pk: since(pk, request.pk, events) for pk in ids - {request.pk}}
    return {pk: when for pk, when in sorted(found.items()) if when is not None}


def since(start: int, wanted: int, events: Mapping[Any, Event]) -> datetime | None:
    """The last time on the way from merge to merge; None where it does not come by `wanted`.

    `events` are by what was merged, each the last one of that.
    """
    at = start
    times: list[datetime] = []
    while at in events and len(times) < len(events):
        times.append(events[at].at)
        at = events[at].data["into"]
        if at == wanted:
            return max(times)
    return None


@dataclass(frozen=True, slots=True)
class Side:
    """What one request has now."""

    request: CustomerRequest
    words: int
    customers: int
    accounts: int
    owed: int
    told: int
    commitments: int
    merged: int


@dataclass(frozen=True, slots=True)
class Preview:
    """Both requests as they are, and the survivor as it would be.

    `common` asked for both. `unheard` would have to be told where the survivor stands: others who
    asked for it have heard already. `refusal` is why it cannot be done.
    """

    merged: Side
    survivor: Side
    after: Side
    common: int
    unheard: int
    refusal: errors.Refusal | None


def preview(merged: CustomerRequest, survivor: CustomerRequest) -> Preview:
    """What merging would do. Nothing is written."""
    first, second = _side([merged], merged), _side([survivor], survivor)
    after = _side([merged, survivor], survivor)
    has_told = second.told > 0
    return Preview(
        merged=first,
        survivor=second,
        after=after,
        common=first.customers + second.customers - after.customers,
        unheard=_people(askers.unheard().filter(counts_for=merged)) if has_told else 0,
        refusal=refusal_to_merge(merged, survivor),
    )


def _side(requests: list[CustomerRequest], shown: CustomerRequest) -> Side:
    words = Evidence.objects.live().filter(counts_for__in=requests)
    obligations = Obligation.objects.filter(request__in=requests)
    heard = obligations.filter(status__in=Obligation.HEARD)
    return Side(
        request=shown,
        words=words.order_by().values("feedback", "start", "end").distinct().count(),
        customers=_people(words),
        accounts=words.order_by()
        .values("feedback__account")
        .distinct()
        .exclude(feedback__account=None)
        .count(),
        owed=obligations.filter(status=Obligation.Status.OWED).count(),
        told=heard.order_by().values(person=Obligation.PERSON).distinct().count(),
        commitments=Commitment.objects.live().filter(request__in=requests).count(),
        merged=CustomerRequest.objects.filter(merged_into__in=requests).count(),
    )


def _people(words: EvidenceQuerySet) -> int:
    named = words.filter(feedback__customer__isnull=False).order_by()
    return named.values(person=Evidence.CUSTOMER).distinct().count()
