"""What a request waits for, and whose it is: for everybody to read, whoever may do it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backlog.models import Commitment, CustomerRequest, Department, RequestStatus
from council.pages.next_steps import Steps
from council.pages.request_panels import Told
from council.queries import agenda_items as agenda_item_queries

_PRODUCT_MANAGER: Final = gettext_lazy("a product manager")
_SECRETARY: Final = gettext_lazy("the secretary of the council")


@dataclass(frozen=True, slots=True)
class Awaited:
    """What comes next, who does it, and when, as far as that is known."""

    what: str
    who: str = ""
    on: date | datetime | None = None


def awaited(
    row: CustomerRequest,
    *,
    steps: Steps,
    silent: Sequence[Department],
    commitments: Sequence[Commitment],
    told: Told,
) -> Awaited:
    """`silent` are departments that have not assessed it, and might."""
    if row.status in agenda_item_queries.UNDECIDED:
        return _undecided(row, steps, silent)
    if row.status in (RequestStatus.PLANNED, RequestStatus.IN_PROGRESS):
        return _in_sprint(row, commitments)
    if row.merged_into is not None:
        return Awaited(_("It goes on as %(key)s.") % {"key": row.merged_into.key})
    if row.status == RequestStatus.APPROVED:
        return Awaited(_("Take it into a sprint"), _owner(row))
    if row.status == RequestStatus.DELIVERED:
        return _delivered(steps, told)
    return Awaited(_("Nothing: the customers have confirmed it."))


def _undecided(row: CustomerRequest, steps: Steps, silent: Sequence[Department]) -> Awaited:
    if steps.agenda_item is not None:
        meeting = steps.agenda_item.meeting
        return Awaited(_("The council decides about it"), str(meeting), meeting.starts_at)
    if row.status == RequestStatus.DEFERRED:
        return Awaited(_("The council looks at it again"), str(_SECRETARY), row.review_on)
    if row.status == RequestStatus.DECLINED:
        if steps.to_tell is not None:
            return Awaited(_("Tell the customers"), str(_PRODUCT_MANAGER))
        return Awaited(_("Nothing: the council said no."))
    if silent:
        return Awaited(_("Assess it"), ", ".join(str(each) for each in silent))
    return Awaited(_("Put it on the agenda"), str(_SECRETARY))


def _in_sprint(row: CustomerRequest, commitments: Sequence[Commitment]) -> Awaited:
    live = next((each for each in commitments if each.withdrawn_at is None), None)
    if live is None:
        return Awaited(_("Say what became of it"), _owner(row))
    if row.status == RequestStatus.PLANNED:
        return Awaited(_("The sprint starts"), str(live.sprint), live.sprint.starts_on)
    return Awaited(_("Say what became of it"), _owner(row), live.sprint.ends_on)


def _delivered(steps: Steps, told: Told) -> Awaited:
    if steps.to_announce is not None or steps.to_tell is not None:
        return Awaited(_("Tell the customers"), str(_PRODUCT_MANAGER))
    if told.owed:
        return Awaited(_("The messages leave"))
    return Awaited(_("The customers answer"))


def _owner(row: CustomerRequest) -> str:
    return str(row.owner or _PRODUCT_MANAGER)
