"""Who is to be reminded, and whether a reminder that was written is still needed."""

from datetime import datetime, timedelta
from typing import Final

from backlog.models import User
from council.models import Ballot, Letter, Meeting, Recusal, SeatTerm
from council.models.meetings import MeetingQuerySet
from council.queries import attendances, preparations

AHEAD: Final = timedelta(days=1)
"""So long before a meeting, or before a deadline, the clock reminds."""


def readers_to_remind(meeting: Meeting) -> list[User]:
    """The holder of each seat of whose department nobody has read everything."""
    return [each.holder for each in preparations.readers_of(meeting).waiting]


def voters_to_remind(ballot: Ballot) -> list[User]:
    """The holder of each seat that is asked, has not answered and has not stepped aside."""
    council_id = ballot.agenda_item.meeting.council_id
    aside = Recusal.objects.standing().filter(agenda_item=ballot.agenda_item_id)
    silent = (
        attendances.entitled_seats(council_id)
        .exclude(stances__ballot=ballot)
        .exclude(pk__in=aside.values("seat"))
    )
    holders = SeatTerm.objects.current().filter(seat__in=silent, is_alternate=False)
    return [term.user for term in holders.select_related("user").order_by("seat", "pk")]


def meetings_near(*, at: datetime) -> MeetingQuerySet:
    """To come within a day."""
    return Meeting.objects.filter(
        status=Meeting.Status.SCHEDULED, starts_at__gt=at, starts_at__lte=at + AHEAD
    ).order_by("starts_at", "pk")


def deadlines_near(*, at: datetime) -> list[Ballot]:
    """Open, and within a day of their deadline; at half of the time where they have less."""
    soon = Ballot.objects.open().filter(closes_at__gt=at, closes_at__lte=at + AHEAD)
    found = soon.select_related("agenda_item__meeting").order_by("closes_at", "pk")
    return [
        ballot
        for ballot in found
        if ballot.closes_at and at >= ballot.opened_at + (ballot.closes_at - ballot.opened_at) / 2
    ]


def is_needed(letter: Letter, *, at: datetime) -> bool:
    """Whether what a reminder asks for is still to be done by somebody who can."""
    if not letter.user.is_active:
        return False
    if letter.ballot is not None:
        ballot = letter.ballot
        is_open = ballot.status == Ballot.Status.OPEN and ballot.closes_at is not None
        waits = bool(is_open and ballot.closes_at and ballot.closes_at > at)
        return waits and letter.user in voters_to_remind(ballot)
    if letter.meeting is not None:
        meeting = letter.meeting
        is_to_come = meeting.status in Meeting.TO_COME and meeting.starts_at > at
        return is_to_come and letter.user in readers_to_remind(meeting)
    return True


def unread_of(letter: Letter) -> int:
    """How many items of the agenda the colleague has not read."""
    assert letter.meeting is not None
    return preparations.unread_by(letter.meeting, [letter.user])[letter.user_id]
