"""Taking what the agenda proposes by itself on the agenda of a meeting."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backlog.models import CustomerRequest, User
from council import errors
from council.models import AgendaItem, Meeting
from council.operations import agenda_items, meetings
from council.queries import agenda_proposals
from council.queries.agenda_proposals import Proposal
from council.rules import agenda_reasons


@transaction.atomic
def propose_agenda(
    *,
    meeting_id: int,
    by: User | None,
    at: datetime,
    keys: Collection[str] | None = None,
) -> list[AgendaItem]:
    """Put on the agenda what is proposed for it, or of all candidates those of these keys.

    What stands there stays as it is, and what is there already is not put there again: calling it
    twice changes nothing. The requests are locked before the meeting, whatever else is asked for.
    """
    meeting = Meeting.objects.select_related("council").get(pk=meeting_id)
    proposed = agenda_proposals.propose(meeting, user=by, at=at)
    wanted = proposed.items
    if keys is not None:
        wanted = [each for each in (*wanted, *proposed.others) if each.key in keys]
    about = [each.request.pk for each in wanted if each.request]
    list(CustomerRequest.objects.filter(pk__in=about).order_by("pk").select_for_update())
    meeting = agenda_items.lock_meeting(meeting_id)
    if meeting.status not in agenda_items.ARRANGED:
        raise errors.MeetingOver(_("“%(meeting)s” is over.") % {"meeting": meeting})
    # Asked again under the lock: somebody may have been quicker.
    free = {each.key for each in agenda_proposals.candidates_for(meeting, user=by, at=at)}
    return [_add(meeting, each, by=by, at=at) for each in wanted if each.key in free]


def _add(meeting: Meeting, each: Proposal, *, by: User | None, at: datetime) -> AgendaItem:
    reasons = agenda_reasons.plain(each.reasons)
    if each.item is not None:
        item = meetings.carry_over_item(each.item, meeting, by=by, at=at)
        item.reasons = reasons
        item.save(update_fields=["reasons"])
        return item
    return meetings.append_item(
        meeting,
        each.request,
        minutes=each.minutes,
        title="" if each.request else each.title,
        kind=each.kind,
        presenter=each.request.owner if each.request else None,
        reasons=reasons,
        by=by,
        at=at,
    )
