"""Letting customers be told what became of their words: at once, or once a second person agrees.

Until the first message has left, an announcement can be cancelled. Lock order: request, outcome,
obligation, notice.
"""

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backlog import errors
from backlog.models import CustomerRequest, Outcome, User
from backlog.operations import ledger, obligations


class OutcomeReplaced(errors.Refusal):
    """A later outcome took this one's place; that one is announced."""

    code = "outcome_replaced"


class CountersignNeeded(errors.Refusal):
    """So many customers are told only if a second person agrees."""

    code = "countersign_needed"


class NotAsked(errors.Refusal):
    """Nobody has asked for a second person."""

    code = "not_asked"


class OwnAnnouncement(errors.Refusal):
    """Who asked for a second person cannot be that person."""

    code = "own_announcement"


_AGREED: Final = (
    "asked_by",
    "asked_at",
    "countersigned_by",
    "countersigned_at",
    "announced_by",
    "announced_at",
)


def needs_countersign(outcome: Outcome) -> bool:
    """Whether so many customers wait to be told that two people must agree to it."""
    return _is_large(outcome, outcome.commitment.request)


def _is_large(outcome: Outcome, request: CustomerRequest) -> bool:
    return obligations.audience(outcome_id=outcome.pk) >= request.product.countersign_from


@transaction.atomic
def announce_outcome(*, outcome_id: int, by: User | None, at: datetime) -> Outcome:
    """Let the customers who asked be told from now on. Announcing twice changes nothing.

    Refused where so many are told that a second person must agree: ask for one.
    """
    request, outcome = _lock(outcome_id)
    if outcome.announced_at is not None:
        return outcome
    _check_current(outcome)
    if _is_large(outcome, request):
        raise CountersignNeeded(
            ngettext(
                "From %(count)d customer on, a second colleague must agree.",
                "From %(count)d customers on, a second colleague must agree.",
                request.product.countersign_from,
            )
            % {"count": request.product.countersign_from},
            countersign_from=request.product.countersign_from,
        )
    return _announce(outcome, request, by=by, at=at)


@transaction.atomic
def ask_to_announce(*, outcome_id: int, by: User, at: datetime) -> Outcome:
    """Ask a second person to agree; nobody is told before. Asking twice changes nothing.

    A small audience needs no second person, and may have one.
    """
    request, outcome = _lock(outcome_id)
    if outcome.announced_at is not None or outcome.asked_at is not None:
        return outcome
    _check_current(outcome)
    _save(outcome, asked_by=by, asked_at=at)
    ledger.record("outcome.countersign_asked", subject=outcome, request=request, by=by, at=at)
    return outcome


@transaction.atomic
def countersign_outcome(*, outcome_id: int, by: User, at: datetime) -> Outcome:
    """Agree to what another person asked to announce, which announces it in that one's name.

    Countersigning what was announced changes nothing.
    """
    request, outcome = _lock(outcome_id)
    if outcome.announced_at is not None:
        return outcome
    _check_current(outcome)
    if outcome.asked_at is None:
        raise NotAsked(_("Nobody has asked for a second colleague yet."))
    if outcome.asked_by == by:
        raise OwnAnnouncement(_("You asked for it yourself: somebody else must agree."))
    _save(outcome, countersigned_by=by, countersigned_at=at)
    ledger.record("outcome.countersigned", subject=outcome, request=request, by=by, at=at)
    return _announce(outcome, request, by=outcome.asked_by, at=at)


@transaction.atomic
def cancel_announcement(*, outcome_id: int, by: User | None, at: datetime) -> Outcome:
    """Take back an announcement, or the wish for one, while nobody has been told.

    What waited to leave is cancelled, and everybody is owed as before. Cancelling what was not
    announced changes nothing.
    """
    request, outcome = _lock(outcome_id)
    if outcome.announced_at is None and outcome.asked_at is None:
        return outcome
    if outcome.announced_at is not None:
        obligations.hold_back(outcome_id=outcome.pk, released_at=outcome.announced_at)
    _save(outcome, **dict.fromkeys(_AGREED))
    ledger.record("outcome.announcement_cancelled", subject=outcome, request=request, by=by, at=at)
    return outcome


def _lock(outcome_id: int) -> tuple[CustomerRequest, Outcome]:
    requests = CustomerRequest.objects.select_for_update(of=("self",), no_key=True)
    request = requests.select_related("product").get(commitments__outcomes=outcome_id)
    return request, Outcome.objects.select_for_update(no_key=True).get(pk=outcome_id)


def _check_current(outcome: Outcome) -> None:
    if not outcome.is_current:
        raise OutcomeReplaced(_("A later outcome has taken the place of this one."))


def _announce(
    outcome: Outcome, request: CustomerRequest, *, by: User | None, at: datetime
) -> Outcome:
    _save(outcome, announced_by=by, announced_at=at)
    told = obligations.release(outcome_id=outcome.pk, at=at)
    data = {"customers": told}
    ledger.record("outcome.announced", subject=outcome, request=request, by=by, at=at, data=data)
    return outcome


def _save(outcome: Outcome, **facts: Any) -> None:
    for name, value in facts.items():
        setattr(outcome, name, value)
    outcome.save(update_fields=list(facts))
