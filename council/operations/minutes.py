"""Minutes: remarks beside the record, review, approval, publication, and corrections.

All lock the council before the meeting, so that numbers and seals follow one another.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backlog.auth.personal_acts import in_person
from backlog.db.isolation import isolated
from backlog.errors import Invalid, ReasonRequired, VersionConflict
from backlog.models import User
from backlog.operations import events
from backlog.rules import text_input
from council import errors
from council.models import Council, Meeting, Minutes, MinutesApproval
from council.operations import attendances, letters, seals
from council.queries import minutes as minutes_queries
from council.rules import minutes as rules

Status = Minutes.Status


@transaction.atomic
def begin(meeting: Meeting, *, by: User | None, at: datetime) -> Minutes:
    """The draft of a meeting that has ended; the caller holds its lock. Idempotent."""
    minutes = minutes_queries.latest(meeting)
    if minutes is not None:
        return minutes
    minutes = Minutes.objects.create(council_id=meeting.council_id, meeting=meeting)
    data = {"meeting": meeting.pk, "version": 1}
    events.record("minutes.begun", subject=minutes, by=by, at=at, data=data)
    return minutes


@transaction.atomic
def set_remarks(
    *, meeting_id: int, remarks: str, by: User, at: datetime, was: str | None = None
) -> Minutes:
    """What the minutes say on the meeting as a whole, until they go to review.

    With what the remarks `was` when somebody began to write, raises VersionConflict when they are
    other ones by now.
    """
    _council, meeting = attendances.lock_meeting(meeting_id)
    check_draft(meeting)
    minutes = begin(meeting, by=by, at=at)
    remarks = text_input.fitting(remarks, Minutes, "remarks")
    if was not in (None, minutes.remarks) and minutes.remarks != remarks:
        raise VersionConflict(
            _("Somebody has edited “%(row)s” meanwhile. Read it again.") % {"row": meeting},
            version=minutes.revision,
        )
    if minutes.remarks != remarks:
        minutes.remarks = remarks
        minutes.save(update_fields=["remarks"])
        data = {"meeting": meeting.pk, "agenda_item": None}
        events.record("minutes.noted", subject=minutes, by=by, at=at, data=data)
    return minutes


@transaction.atomic
def propose_minutes(*, meeting_id: int, by: User, at: datetime) -> Minutes:
    """Give the minutes to those who were there: what they read is a snapshot. Idempotent.

    Where nobody objects in the time that the council has set, they are approved by silence.
    """
    council, meeting = attendances.lock_meeting(meeting_id)
    if meeting.ended_at is None:
        raise errors.MeetingNotOver(_("“%(meeting)s” is not over.") % {"meeting": meeting})
    minutes = begin(meeting, by=by, at=at)
    if minutes.status == Status.REVIEW:
        return minutes
    check_draft(meeting)
    minutes.status, minutes.proposed_at = Status.REVIEW, at
    minutes.review_until = at + timedelta(days=council.minutes_days)
    _take_snapshot(minutes)
    minutes.save()
    _move(meeting, Meeting.Status.MINUTES_REVIEW)
    data = {"meeting": meeting.pk, "revision": minutes.revision}
    events.record("minutes.proposed", subject=minutes, by=by, at=at, data=data)
    letters.write_to_all(minutes, "review", by=by, at=at)
    return minutes


def _take_snapshot(minutes: Minutes) -> None:
    minutes.content = minutes_queries.assemble(minutes)
    minutes.revision += 1


def _move(meeting: Meeting, status: Meeting.Status) -> None:
    meeting.status = status
    meeting.save(update_fields=["status"])


@in_person
@transaction.atomic
def approve_minutes(*, meeting_id: int, by: User, at: datetime) -> Minutes:
    """Somebody who was there says that the minutes are right as they read now.

    With more than half of those who were there they are approved. Saying so twice is once.
    """
    council, meeting = attendances.lock_meeting(meeting_id)
    minutes = _under_review(meeting)
    if minutes.is_final and _has_approved(minutes, by):
        return minutes
    check_in_review(minutes)
    check_was_there(meeting, by)
    _check_none_open(minutes)
    if not _has_approved(minutes, by):
        MinutesApproval.objects.create(minutes=minutes, revision=minutes.revision, user=by, at=at)
        data = {"meeting": meeting.pk, "revision": minutes.revision}
        events.record("minutes.voted", subject=minutes, by=by, at=at, data=data)
    there = minutes_queries.were_there(meeting).count()
    if rules.is_carried(minutes_queries.approved_by(minutes).count(), there):
        _approve(minutes, council, meeting, Minutes.How.VOTE, by=by, at=at)
    return minutes


def _has_approved(minutes: Minutes, user: User) -> bool:
    return minutes.approvals.filter(revision=minutes.revision, user=user).exists()


def approve_unopposed(*, by: User | None, at: datetime) -> int:
    """What waited long enough without an objection is approved by silence; how many.

    Each by itself: what keeps one from being approved keeps no other.
    """
    approved = 0
    waiting = minutes_queries.waiting_for_silence(at=at).values_list("meeting", flat=True)
    for meeting_id in list(waiting):
        with isolated("Minutes of meeting %s cannot be approved by silence", meeting_id):
            approved += approve_by_silence(meeting_id=meeting_id, by=by, at=at)
    return approved


@transaction.atomic
def approve_by_silence(*, meeting_id: int, by: User | None, at: datetime) -> bool:
    """The time to object is over. Whether that approved the minutes: not while an amendment is
    open, and where the council wants a quorum, not without it."""
    council, meeting = attendances.lock_meeting(meeting_id)
    minutes = minutes_queries.waiting_for_silence(at=at).filter(meeting=meeting).first()
    if minutes is None:
        return False
    if council.minutes_need_quorum and not minutes_queries.has_quorum(minutes, council):
        return False
    _approve(minutes, council, meeting, Minutes.How.SILENCE, by=by, at=at)
    return True


def _approve(
    minutes: Minutes,
    council: Council,
    meeting: Meeting,
    how: Minutes.How,
    *,
    by: User | None,
    at: datetime,
) -> None:
    """Number, seal and send them; the caller holds the locks. Nothing changes them afterwards."""
    known = meeting.minutes_versions.aggregate(Max("number"))["number__max"]
    last = council.minutes.aggregate(Max("number"))["number__max"] or 0
    minutes.number = known or last + 1
    minutes.council = council
    minutes.status, minutes.approved_at, minutes.approved_how = Status.APPROVED, at, how
    minutes.save(update_fields=["number", "status", "approved_at", "approved_how"])
    _move(meeting, Meeting.Status.APPROVED)
    seal = seals.seal_minutes(minutes, by=by, at=at)
    data = {
        "council": council.pk,
        "meeting": meeting.pk,
        "number": minutes.number,
        "version": minutes.version,
        "how": str(how),
        "seal": seal.number,
    }
    events.record("minutes.approved", subject=minutes, by=by, at=at, data=data)
    letters.write_to_all(minutes, "minutes", by=by, at=at)


@transaction.atomic
def publish_minutes(
    *, meeting_id: int, by: User, at: datetime, shared: Collection[str] = ()
) -> Minutes:
    """There is an edition for customers now; `shared` are the fields they read beside what was
    decided. Publishing again with other fields replaces them, the same changes nothing."""
    unknown = sorted(set(shared) - set(rules.OPTIONAL))
    if unknown:
        raise Invalid(_("There is no such field: %(name)s.") % {"name": unknown[0]}, field="shared")
    _council, meeting = attendances.lock_meeting(meeting_id)
    minutes = _under_review(meeting)
    if not minutes.is_final:
        raise errors.MinutesNotApproved(_("Minutes are published once they are approved."))
    chosen = [each for each in rules.OPTIONAL if each in shared]
    if minutes.status == Status.PUBLISHED and minutes.shared == chosen:
        return minutes
    minutes.status, minutes.shared = Status.PUBLISHED, chosen
    minutes.published_at = minutes.published_at or at
    minutes.save(update_fields=["status", "shared", "published_at"])
    _move(meeting, Meeting.Status.PUBLISHED)
    data = {"meeting": meeting.pk, "shared": chosen}
    events.record("minutes.published", subject=minutes, by=by, at=at, data=data)
    return minutes


@transaction.atomic
def correct_minutes(*, meeting_id: int, reason: str, by: User, at: datetime) -> Minutes:
    """Begin another version, which says what was wrong; the approved one stays as it is.

    While one is at work, that one is answered.
    """
    if not reason.strip():
        raise ReasonRequired(_("Say what was wrong."))
    _council, meeting = attendances.lock_meeting(meeting_id)
    minutes = _under_review(meeting)
    if not minutes.is_final:
        if minutes.version > 1:
            return minutes
        raise errors.MinutesNotApproved(_("These minutes can still be amended."))
    corrected = Minutes.objects.create(
        council_id=meeting.council_id,
        meeting=meeting,
        version=minutes.version + 1,
        remarks=minutes.remarks,
        correction=text_input.fitting(reason, Minutes, "correction"),
    )
    _move(meeting, Meeting.Status.MINUTES_DRAFT)
    data = {"meeting": meeting.pk, "version": corrected.version}
    events.record(
        "minutes.correction_begun", subject=corrected, by=by, at=at, reason=reason, data=data
    )
    return corrected


def lock_minutes(meeting_id: int) -> tuple[Meeting, Minutes]:
    """The version at work, or the last one, under the locks of its council and its meeting."""
    _council, meeting = attendances.lock_meeting(meeting_id)
    return meeting, _under_review(meeting)


def renew(minutes: Minutes, *, by: User, at: datetime) -> None:
    """An accepted amendment is in the snapshot; who said yes before is asked anew."""
    _take_snapshot(minutes)
    minutes.save(update_fields=["content", "revision", "remarks"])


def _under_review(meeting: Meeting) -> Minutes:
    minutes = minutes_queries.latest(meeting)
    if minutes is None:
        raise errors.MinutesNotInReview(
            _("The minutes of “%(meeting)s” are not under review.") % {"meeting": meeting}
        )
    return minutes


def check_in_review(minutes: Minutes) -> None:
    if minutes.is_final:
        raise errors.MinutesFinal(_("These minutes are approved. Correct them by another version."))
    if minutes.status != Status.REVIEW:
        raise errors.MinutesNotInReview(_("These minutes are not under review."))


def check_draft(meeting: Meeting) -> None:
    """Raises unless notes may be written: the meeting is over, and nothing was given to others."""
    if meeting.ended_at is None:
        raise errors.MeetingNotOver(_("“%(meeting)s” is not over.") % {"meeting": meeting})
    minutes = minutes_queries.latest(meeting)
    if minutes is not None and minutes.is_final:
        raise errors.MinutesFinal(_("These minutes are approved. Correct them by another version."))
    if minutes is not None and minutes.status == Status.REVIEW:
        raise errors.MinutesInReview(
            _("The minutes are under review: propose an amendment, and answer it.")
        )


def check_was_there(meeting: Meeting, user: User) -> None:
    if not minutes_queries.were_there(meeting).filter(pk=user.pk).exists():
        raise errors.WasNotThere(
            _("Only who was at “%(meeting)s” can do that.") % {"meeting": meeting}
        )


def _check_none_open(minutes: Minutes) -> None:
    waiting = minutes.amendments.open().count()
    if waiting:
        raise errors.AmendmentsOpen(
            ngettext(
                "%(n)d amendment waits for an answer.",
                "%(n)d amendments wait for an answer.",
                waiting,
            )
            % {"n": waiting},
            open=waiting,
        )
