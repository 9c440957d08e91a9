"""Calendar replies: each counts once, for the meeting and the person it names, or says why not.

What is refused is on the ledger of its meeting; a stranger's is only reported by the command.
"""

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from backlog import errors as backlog_errors
from backlog.models import User
from backlog.rules import addresses, bounds
from council import errors
from council.intake.calendar_replies import Reply
from council.models import Invitation
from council.operations import attendances, invitations
from council.queries import invitations as invitation_queries


class Became(StrEnum):
    """What became of a reply."""

    TAKEN = "taken"
    KNOWN = "known"
    NOT_OURS = "not_ours"
    STRANGER = "stranger"
    FORGED = "forged"
    UNDECIDED = "undecided"
    OTHER_TIME = "other_time"
    OVER = "over"
    NOT_ASKED = "not_asked"
    NO_ALTERNATE = "no_alternate"


@transaction.atomic
def take_reply(*, reply: Reply, meeting_id: int | None, by: User | None, at: datetime) -> Became:
    """Write down what a calendar answers. The same reply twice, or an older one, changes nothing.

    It counts only for who is asked, from the address that they are asked at, and for the time that
    the meeting has now.
    """
    if meeting_id is None:
        return Became.NOT_OURS
    address = addresses.comparable(reply.attendee)
    known = invitation_queries.about(meeting_id, address)
    if known is None:
        return Became.STRANGER
    attendances.lock_meeting(meeting_id)
    known.refresh_from_db()
    known.meeting.refresh_from_db()
    became = _became(known, reply, at)
    if became is Became.TAKEN:
        became = _take(known, reply, at=at)
    if became not in (Became.TAKEN, Became.KNOWN):
        invitations.ignore_reply(invitation=known, cause=became.value, by=by, at=at)
    return became


def _became(known: Invitation, reply: Reply, at: datetime) -> Became:
    if reply.sender and addresses.comparable(reply.sender) != known.user.email:
        return Became.FORGED
    if not reply.answer:
        return Became.UNDECIDED
    if reply.sequence < known.meeting.sequence:
        return Became.OTHER_TIME
    answered_at = bounds.plausible(reply.answered_at, at)
    if known.answered_at is not None and answered_at <= known.answered_at:
        return Became.KNOWN
    return Became.TAKEN


def _take(known: Invitation, reply: Reply, *, at: datetime) -> Became:
    try:
        invitations.answer_invitation(
            meeting_id=known.meeting_id,
            user=known.user,
            answer=reply.answer,
            by=known.user,
            at=bounds.plausible(reply.answered_at, at),
        )
    except errors.MeetingOver:
        return Became.OVER
    except errors.NotInvited:
        return Became.NOT_ASKED
    except (errors.NoAlternate, backlog_errors.Invalid):
        return Became.NO_ALTERNATE
    return Became.TAKEN
