"""Deciding between meetings: a ballot by a deadline, on the agenda where the council meets next."""

from datetime import datetime

from django.db import transaction

from backlog.auth.personal_acts import in_person
from backlog.models import User
from council.models import AgendaItem, Ballot
from council.operations import agenda_items, ballots
from council.operations.ballots import Proposal


@in_person
@transaction.atomic
def vote_between_meetings(
    *,
    request_id: int,
    meeting_id: int,
    proposal: Proposal,
    closes_at: datetime,
    by: User,
    at: datetime,
) -> Ballot:
    """Put a proposal to the vote by a deadline; the request comes on that agenda if it is not.

    What is not decided by then is taken up where it stands: in the meeting. Twice is one ballot.
    """
    ballots.lock_requests(request_id, proposal.further_items)
    live = AgendaItem.objects.filter(meeting=meeting_id, request=request_id)
    item = live.exclude(status__in=AgendaItem.OFF_AGENDA).first()
    if item is None:
        item = agenda_items.add_agenda_item(
            meeting_id=meeting_id, request_id=request_id, by=by, at=at
        )
    return ballots.open_ballot(
        agenda_item_id=item.pk, proposal=proposal, closes_at=closes_at, by=by, at=at
    )
