"""What a meeting left over goes to the next one by itself, whoever called which meeting when."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backlog.db.isolation import isolated
from backlog.models import User
from council import errors
from council.models import AgendaItem, Council, Meeting
from council.operations import agenda_items, meetings
from council.queries import agenda_items as agenda_item_queries


def put_on_agenda(*, by: User | None, at: datetime) -> int:
    """Put on the next agenda of each council what is on none since its meeting came to nothing.

    Nobody has to touch a meeting that was never opened. What no meeting is called for waits.
    Returns how many were put there. One that cannot be put there holds up no other.
    """
    count = 0
    for council in Council.objects.order_by("pk"):
        coming = Meeting.objects.filter(
            council=council, status__in=Meeting.TO_COME, starts_at__gte=at
        )
        upcoming = coming.order_by("starts_at", "pk").first()
        if upcoming is None:
            continue
        for item in list(agenda_item_queries.left_over(council.pk, at)):
            with isolated("Agenda item %s cannot be carried over", item.pk):
                try:
                    _put(item, upcoming.pk, by=by, at=at)
                except (errors.AlreadyOnAgenda, errors.MeetingOver):
                    continue  # Somebody was quicker; what still waits is found again.
                count += 1
    return count


@transaction.atomic
def _put(item: AgendaItem, meeting_id: int, *, by: User | None, at: datetime) -> None:
    agenda_items.lock_request(item.request_id)
    meeting = agenda_items.lock_meeting(meeting_id)
    if not agenda_item_queries.left_over(meeting.council_id, at).filter(pk=item.pk).exists():
        raise errors.AlreadyOnAgenda(_("“%(item)s” is on an agenda already.") % {"item": item})
    meetings.carry_over_item(item, meeting, by=by, at=at)
