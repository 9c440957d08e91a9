"""The inbox: what is done with words that speak for no request yet. The words stay as they are."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import CustomerRequest, Event, Evidence, Feedback, User
from backlog.operations import events, evidence, requests, suggestions
from backlog.queries import feedback_triage as queries
from backlog.rules import bounds


@transaction.atomic
def put_away(
    *, feedback_id: int, done_as: str, by: User | None, at: datetime, reason: str = ""
) -> Event:
    """These words need no request. Refused where somebody was quicker."""
    row = _waiting(feedback_id, by=by, at=at)
    if done_as not in Feedback.Done:
        raise errors.Invalid(_("Say why these words need no request."), field="done_as")
    row.done_as, row.snoozed_until = done_as, None
    row.save(update_fields=["done_as", "snoozed_until"])
    data = {"done_as": done_as}
    return events.record(queries.PUT_AWAY, subject=row, by=by, at=at, reason=reason, data=data)


@transaction.atomic
def snooze(*, feedback_id: int, until: datetime, by: User | None, at: datetime) -> Event:
    """Out of the inbox until then; they come back by themselves."""
    row = _waiting(feedback_id, by=by, at=at)
    if not at < until <= bounds.LATEST_MOMENT:
        raise errors.Invalid(
            _("Say a moment that is yet to come."), field="until", code="not_in_the_future"
        )
    row.snoozed_until = until
    row.save(update_fields=["snoozed_until"])
    data = {"until": until.isoformat()}
    return events.record(queries.SNOOZED, subject=row, by=by, at=at, data=data)


@transaction.atomic
def give(*, feedback_id: int, to: User | None, by: User | None, at: datetime) -> Event | None:
    """Let a colleague decide what becomes of them, or (None) anybody again.

    Giving them to whoever has them changes nothing.
    """
    row = _waiting(feedback_id, by=by, at=at)
    if row.given_to_id == (to and to.pk):
        return None
    if to is not None:
        may_decide = to.is_active and to.has_perm("backlog.link_evidence")
        if not may_decide or not Feedback.objects.visible_to(to).filter(pk=row.pk).exists():
            raise errors.Invalid(
                _("%(who)s may not decide about these words.") % {"who": to}, field="to"
            )
    data = {"to": to and to.pk, "was": row.given_to_id}
    row.given_to = to
    row.save(update_fields=["given_to"])
    return events.record(queries.GIVEN, subject=row, by=by, at=at, data=data)


@transaction.atomic
def bring_back(*, feedback_id: int, by: User | None, at: datetime) -> Event | None:
    """Into the inbox again, whatever was put away or off. What waits there stays as it is."""
    row = evidence.lock_words().get(pk=feedback_id)
    if not row.done_as and row.snoozed_until is None:
        return None
    was = row.done_as or "snoozed"
    row.done_as, row.snoozed_until = "", None
    row.save(update_fields=["done_as", "snoozed_until"])
    return events.record("feedback.returned", subject=row, by=by, at=at, data={"was": was})


@transaction.atomic
def link(
    *,
    feedback_id: int,
    request_id: int,
    by: User | None,
    at: datetime,
    start: int = 0,
    end: int | None = None,
    source: suggestions.Source | None = None,
) -> Evidence:
    """As `link_evidence`, of words that still wait. Refused where somebody was quicker.

    `source` says by what the request was found, where it was.
    """
    # Requests are locked before words.
    CustomerRequest.objects.select_for_update(no_key=True).get(pk=request_id)
    _waiting(feedback_id, by=by, at=at)
    linked = evidence.link_evidence(
        request_id=request_id, feedback_id=feedback_id, start=start, end=end, by=by, at=at
    )
    suggestions.note_link(
        feedback_id=feedback_id, request_id=request_id, source=source, by=by, at=at
    )
    return linked


@transaction.atomic
def open_request(
    *,
    feedback_ids: list[int],
    product_id: int,
    title: str,
    problem: str,
    by: User | None,
    at: datetime,
    start: int = 0,
    end: int | None = None,
) -> CustomerRequest:
    """A new request for which these words speak. Refused where somebody was quicker with any."""
    opened = requests.open_request(
        product_id=product_id, title=title, problem=problem, by=by, at=at
    )
    for feedback_id in sorted(set(feedback_ids)):
        _waiting(feedback_id, by=by, at=at)
        evidence.link_evidence(
            request_id=opened.pk, feedback_id=feedback_id, start=start, end=end, by=by, at=at
        )
    return opened


@transaction.atomic
def undo(*, event_id: int, by: User, at: datetime) -> Feedback:
    """Take back what the person did in the inbox; itself an act, on record.

    Refused where another did it, or anything was done with the words since. A
    request that was opened stays: what speaks for it is taken off.
    """
    event = Event.objects.filter(pk=event_id, actor=by, kind__in=queries.ACTS).first()
    if event is None:
        raise errors.Invalid(_("That is not yours to undo."), field="event")
    if event.kind == queries.LINKED:
        return _unlink(event, by=by, at=at)
    row = evidence.lock_words().get(pk=event.subject_id)
    later = Event.objects.filter(subject_type="feedback", subject_id=row.pk, pk__gt=event.pk)
    if row.is_linked or later.filter(kind__startswith="feedback.").exists():
        raise _too_late()
    _TAKE_BACK[event.kind](row, event, by, at)
    return row


def _unlink(event: Event, *, by: User, at: datetime) -> Feedback:
    row = Evidence.objects.select_related("feedback").get(pk=event.subject_id)
    if row.unlinked_at is not None:
        raise _too_late()
    evidence.unlink_evidence(evidence_id=row.pk, by=by, at=at)
    return row.feedback


def _return(row: Feedback, _event: Event, by: User, at: datetime) -> None:
    bring_back(feedback_id=row.pk, by=by, at=at)


def _give_back(row: Feedback, event: Event, by: User, at: datetime) -> None:
    was = event.data["was"]
    row.given_to_id = was
    row.save(update_fields=["given_to"])
    data = {"to": was, "was": event.data["to"]}
    events.record(queries.GIVEN, subject=row, by=by, at=at, data=data)


_TAKE_BACK: Final[Mapping[str, Callable[[Feedback, Event, User, datetime], None]]] = {
    queries.PUT_AWAY: _return,
    queries.SNOOZED: _return,
    queries.GIVEN: _give_back,
}


def _too_late() -> errors.VersionConflict:
    return errors.VersionConflict(_("Something else was done with these words since."))


def _waiting(feedback_id: int, *, by: User | None, at: datetime) -> Feedback:
    row = evidence.lock_words().get(pk=feedback_id)
    queries.check_waiting(row, by=by, at=at)
    return row
