"""Invitations: asking people to meetings, what they answer, and the mail that each is owed.

The council and the meeting are locked first; the meeting's lock covers its invitations.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from backlog.db.isolation import isolated
from backlog.errors import Invalid
from backlog.models import User
from backlog.operations import events
from council import errors
from council.models import Invitation, Meeting, SeatTerm
from council.operations import attendances
from council.queries import invitations as invitation_queries

Answer = Invitation.Answer
Capacity = Invitation.Capacity
Method = Invitation.Method
Status = Invitation.Status

AHEAD: Final = timedelta(days=35)
"""So long before it one of a series is mailed: half a year of them at once helps nobody."""
LATE: Final = timedelta(days=2)
"""So long before a meeting whose quorum is not sure the alternates are asked."""
ATTEMPTS: Final = 8
LEASE: Final = timedelta(minutes=10)
FIRST_WAIT: Final = timedelta(minutes=2)


@transaction.atomic
def invite(meeting: Meeting, *, by: User | None, at: datetime) -> None:
    """Ask all who hold a seat, the chair and the secretary; who was told off is asked anew.

    Nobody is asked to what has begun. The caller holds the meeting's lock, or has just made it.
    """
    if meeting.starts_at <= at:
        return
    due_at = _due_at(meeting, at)
    meeting.invitations.update(
        method=Method.REQUEST,
        status=Status.OWED,
        sequence=meeting.sequence,
        due_at=due_at,
        attempts=0,
        answer=Answer.NONE,
        answered_at=None,
        claimed_until=None,
    )
    known = set(meeting.invitations.values_list("user", flat=True))
    council = meeting.council
    terms = SeatTerm.objects.current().filter(
        seat__council=council, is_alternate=False, user__is_active=True
    )
    rows = {
        term.user_id: _row(meeting, term.user_id, Capacity.HOLDER, term.seat_id, due_at)
        for term in terms.order_by("-seat__is_voting", "pk")
    }
    for officer in User.objects.filter(
        pk__in=(council.chair_id, council.secretary_id), is_active=True
    ):
        rows.setdefault(officer.pk, _row(meeting, officer.pk, Capacity.OFFICER, None, due_at))
    Invitation.objects.bulk_create(row for user, row in rows.items() if user not in known)


def _row(
    meeting: Meeting, user_id: int, capacity: str, seat_id: int | None, due_at: datetime
) -> Invitation:
    return Invitation(
        meeting=meeting,
        user_id=user_id,
        capacity=capacity,
        seat_id=seat_id,
        sequence=meeting.sequence,
        due_at=due_at,
    )


def _due_at(meeting: Meeting, at: datetime) -> datetime:
    return at if meeting.series_id is None else max(at, meeting.starts_at - AHEAD)


@transaction.atomic
def invite_guest(*, meeting_id: int, user: User, by: User | None, at: datetime) -> Invitation:
    """Ask a colleague who has no seat there. Asking whoever is asked changes nothing."""
    _council, meeting = attendances.lock_meeting(meeting_id)
    if meeting.status not in Meeting.TO_COME or meeting.starts_at <= at:
        raise errors.MeetingOver(_("“%(meeting)s” is over.") % {"meeting": meeting})
    if not user.is_active:
        raise Invalid(_("This colleague is not active."), field="user")
    known = meeting.invitations.filter(user=user).first()
    if known is not None and known.method == Method.REQUEST:
        return known
    invitation = known or _row(meeting, user.pk, Capacity.GUEST, None, at)
    _owe(invitation, meeting, at=at)
    data = {"user": user.pk}
    events.record("meeting.invited", subject=meeting, by=by, at=at, data=data)
    return invitation


def _owe(invitation: Invitation, meeting: Meeting, *, at: datetime) -> None:
    invitation.method, invitation.status = Method.REQUEST, Status.OWED
    invitation.sequence, invitation.due_at = meeting.sequence, _due_at(meeting, at)
    invitation.attempts, invitation.claimed_until = 0, None
    invitation.answer, invitation.answered_at = Answer.NONE, None
    invitation.save()


@transaction.atomic
def tell_change(meeting: Meeting, *, is_another_time: bool, by: User | None, at: datetime) -> None:
    """Who was asked is owed the news; an answer to another time is none any more.

    The caller holds the meeting's lock.
    """
    asked = meeting.invitations.asked()
    if is_another_time:
        asked.update(answer=Answer.NONE, answered_at=None)
    asked.update(
        status=Status.OWED, sequence=meeting.sequence, attempts=0, claimed_until=None
    )  # fmt: skip
    asked.filter(sent_at__isnull=True).update(due_at=_due_at(meeting, at))
    asked.filter(sent_at__isnull=False).update(due_at=at)


@transaction.atomic
def call_off(meeting: Meeting, *, by: User | None, at: datetime) -> None:
    """Who had mail is owed the cancellation; who had none is asked no more.

    The caller holds the meeting's lock.
    """
    _tell_off(meeting.invitations.asked(), meeting, at=at)


def _tell_off(rows: QuerySet[Invitation], meeting: Meeting, *, at: datetime) -> None:
    told = Q(sent_at__isnull=False) | Q(claimed_until__isnull=False)
    pks = list(rows.filter(told).values_list("pk", flat=True))
    rows.exclude(pk__in=pks).update(method=Method.CANCEL, status=Status.OUTDATED)
    Invitation.objects.filter(pk__in=pks).update(
        method=Method.CANCEL,
        status=Status.OWED,
        sequence=meeting.sequence,
        due_at=at,
        attempts=0,
        claimed_until=None,
    )


@transaction.atomic
def answer_invitation(
    *, meeting_id: int, user: User, answer: str, by: User | None, at: datetime
) -> Invitation:
    """Somebody says whether they come; the last answer counts. The same one twice is once.

    Who sends the alternate has them asked. Where those who do not come would cost the quorum, the
    alternates of all of them are asked.
    """
    _council, meeting = attendances.lock_meeting(meeting_id)
    invitation = invitation_queries.own(meeting, user)
    if invitation is None:
        raise errors.NotInvited(
            _("%(user)s is not asked to “%(meeting)s”.") % {"user": user, "meeting": meeting}
        )
    if meeting.status not in (*Meeting.TO_COME, *Meeting.UNDER_WAY) or _is_past(meeting, at):
        raise errors.MeetingOver(_("“%(meeting)s” is over.") % {"meeting": meeting})
    if answer not in (Answer.YES, Answer.NO, Answer.ALTERNATE):
        raise Invalid(_("Say yes, no or alternate."), field="answer")
    if answer == Answer.ALTERNATE and invitation_queries.alternate_of(invitation) is None:
        raise errors.NoAlternate(
            _("There is no alternate who could come for %(user)s.") % {"user": user}
        )
    is_same = invitation.answer == answer
    invitation.answer, invitation.answered_at = Answer(answer), at
    invitation.save(update_fields=["answer", "answered_at"])
    if not is_same:
        data = {"user": user.pk, "seat": invitation.seat_id, "answer": answer}
        events.record("meeting.answered", subject=meeting, by=by, at=at, data=data)
        _ask_alternates(meeting, by=by, at=at)
    return invitation


def _is_past(meeting: Meeting, at: datetime) -> bool:
    return Meeting.objects.came_to_nothing(at=at).filter(pk=meeting.pk).exists()


def _ask_alternates(meeting: Meeting, *, by: User | None, at: datetime) -> None:
    _ask(meeting, list(invitation_queries.alternates_to_ask(meeting, of=Answer.ALTERNATE)), at=at)
    if not invitation_queries.forecast(meeting).can_be_met:
        _ask(meeting, list(invitation_queries.alternates_to_ask(meeting, of=Answer.NO)), at=at)


def _ask(meeting: Meeting, terms: list[SeatTerm], *, at: datetime) -> int:
    """Alternates are asked at once: there is a reason to."""
    for term in terms:
        known = meeting.invitations.filter(user=term.user_id).first()
        invitation = known or _row(meeting, term.user_id, Capacity.ALTERNATE, term.seat_id, at)
        invitation.capacity, invitation.seat_id = Capacity.ALTERNATE, term.seat_id
        _owe(invitation, meeting, at=at)
        Invitation.objects.filter(pk=invitation.pk).update(due_at=at)
    return len(terms)


def keep_up(*, by: User | None, at: datetime) -> int:
    """What the clock does: ask who has got a seat, tell off who has left one, and where a quorum
    is not sure two days before, ask the alternates. Returns how many people that concerned."""
    count = 0
    for meeting_id in invitation_queries.with_new_people(at=at):
        with isolated("Meeting %s has people who cannot be invited", meeting_id):
            count += _invite_new(meeting_id, at=at)
    for invitation_id in invitation_queries.of_former_people(at=at):
        with isolated("Invitation %s cannot be taken back", invitation_id):
            count += _withdraw(invitation_id, at=at)
    soon = invitation_queries.coming(at=at).filter(starts_at__lte=at + LATE)
    for meeting_id in soon.order_by("pk").values_list("pk", flat=True):
        with isolated("The quorum of meeting %s cannot be looked after", meeting_id):
            count += _look_after_quorum(meeting_id, at=at)
    return count


@transaction.atomic
def _invite_new(meeting_id: int, *, at: datetime) -> int:
    council, meeting = attendances.lock_meeting(meeting_id)
    known = meeting.invitations.values("user")
    terms = SeatTerm.objects.current().filter(
        seat__council=council, is_alternate=False, user__is_active=True
    )
    new = [
        _row(meeting, term.user_id, Capacity.HOLDER, term.seat_id, _due_at(meeting, at))
        for term in terms.exclude(user__in=known).order_by("pk")
    ]
    return len(Invitation.objects.bulk_create(new))


@transaction.atomic
def _withdraw(invitation_id: int, *, at: datetime) -> int:
    rows = Invitation.objects.filter(pk=invitation_id)
    _council, meeting = attendances.lock_meeting(rows.get().meeting_id)
    _tell_off(rows.asked(), meeting, at=at)
    return 1


@transaction.atomic
def _look_after_quorum(meeting_id: int, *, at: datetime) -> int:
    _council, meeting = attendances.lock_meeting(meeting_id)
    if invitation_queries.forecast(meeting).is_met:
        return 0
    return _ask(meeting, list(invitation_queries.without_word(meeting)), at=at)


@transaction.atomic
def claim(*, limit: int, by: User | None, at: datetime) -> list[Invitation]:
    """Take so many of the mails that are owed; nobody else has them until the lease is over."""
    rows = Invitation.objects.to_send(at=at).select_for_update(skip_locked=True, of=("self",))
    claimed = list(rows.order_by("due_at", "pk")[:limit])
    for invitation in claimed:
        invitation.claimed_until = at + LEASE
        invitation.save(update_fields=["claimed_until"])
    return claimed


@transaction.atomic
def record_sent(*, invitation: Invitation, by: User | None, at: datetime) -> None:
    """The mail has left. If something has changed meanwhile, the news is owed as before."""
    row = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    row.sent_at, row.claimed_until = at, None
    if (row.sequence, row.method) == (invitation.sequence, invitation.method):
        row.status = Status.SENT
    elif row.status == Status.OUTDATED:
        # It was called off while its first mail was leaving.
        row.status, row.due_at = Status.OWED, at
    row.save(update_fields=["sent_at", "claimed_until", "status", "due_at"])


@transaction.atomic
def record_failure(
    *, invitation: Invitation, is_permanent: bool, by: User | None, at: datetime
) -> None:
    """It did not leave: it is tried again, ever later, until it has been often enough."""
    row = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if (row.sequence, row.method) != (invitation.sequence, invitation.method):
        return
    row.attempts, row.claimed_until = row.attempts + 1, None
    row.due_at = at + FIRST_WAIT * 2**row.attempts
    if is_permanent or row.attempts >= ATTEMPTS:
        row.status = Status.FAILED
    row.save(update_fields=["attempts", "claimed_until", "due_at", "status"])


@transaction.atomic
def give_up_late(*, invitation: Invitation, by: User | None, at: datetime) -> None:
    """The meeting has begun: nobody is asked to it any more."""
    rows = Invitation.objects.filter(pk=invitation.pk, status=Status.OWED)
    rows.update(status=Status.OUTDATED, claimed_until=None)


@transaction.atomic
def ignore_reply(*, invitation: Invitation, cause: str, by: User | None, at: datetime) -> None:
    """A calendar's reply counted for nothing; the ledger says why."""
    data = {"user": invitation.user_id, "cause": cause}
    events.record("meeting.reply_ignored", subject=invitation.meeting, by=by, at=at, data=data)
