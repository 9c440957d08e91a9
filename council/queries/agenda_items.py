"""How often a council has not reached a request."""

from datetime import datetime

from backlog.models import CustomerRequest
from council.models import AgendaItem, Meeting


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
