"""What became of a commitment, and which customers must hear of it."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.errors import CommitmentWithdrawn, NothingShipped, OutcomeOnRecord, SprintNotStarted
from backlog.models import (
    Announcement,
    Commitment,
    CustomerRequest,
    Event,
    Outcome,
    RequestStatus,
    Sprint,
    User,
)
from backlog.operations import events, obligations_in_bulk, requests, status_updates
from backlog.queries import merges
from backlog.rules import reported_moments, text_input
from backlog.rules.statuses import Cause

_LEAVES_REQUEST = {
    Outcome.Result.DELIVERED: RequestStatus.DELIVERED,
    Outcome.Result.PARTLY: RequestStatus.APPROVED,
    Outcome.Result.NOT_DELIVERED: RequestStatus.APPROVED,
    Outcome.Result.ROLLED_BACK: RequestStatus.APPROVED,
}


@transaction.atomic
def record_outcome(
    *,
    commitment_id: int,
    result: str,
    summary: Mapping[str, str],
    by: User | None,
    at: datetime,
    missing: Mapping[str, str] | None = None,
    shipped_at: datetime | None = None,
    shipped_where: str = "",
) -> Outcome:
    """Say what became of a commitment; who must hear of it is written down in the same breath.

    `summary` and `missing` are what customers read, by language. The request becomes delivered, or
    goes back to the board; after a pilot, too, to be rolled out. A roll-back follows an earlier
    outcome and takes its place; a request that has moved on since then stays where it is.
    """
    request, sprint, commitment = _lock(commitment_id)
    if refusal := merges.refusal_of_merged(request):
        # Who asked for it is counted elsewhere: nobody would hear of this.
        raise refusal
    earlier = commitment.outcomes.current().first()
    _check_order(commitment, sprint, earlier, result)
    outcome = Outcome(
        commitment=commitment, result=result, recorded_by=by, recorded_at=at, replaces=earlier
    )
    _put_in_words(outcome, summary, missing or {})
    outcome.shipped_at = _shipped(result, shipped_at, earlier, at)
    outcome.shipped_where = _where(result, shipped_where, earlier)
    outcome.full_clean(validate_unique=False, validate_constraints=False)
    reported_moments.check_past(Outcome, vars(outcome), at=at)
    _carry_out(outcome, request, sprint)
    return outcome


def _put_in_words(outcome: Outcome, summary: Mapping[str, str], missing: Mapping[str, str]) -> None:
    """What customers read; of all but a whole delivery, they must read what is missing."""
    is_whole = outcome.result == Outcome.Result.DELIVERED
    outcome.summary = text_input.by_language(summary, "summary", is_required=True)
    outcome.missing = text_input.by_language(missing, "missing", is_required=not is_whole)


def _carry_out(outcome: Outcome, request: CustomerRequest, sprint: Sprint) -> None:
    """All that follows from it: for an earlier outcome, for the request and for its customers."""
    _put_in_effect(outcome)
    event = _put_on_record(outcome, request, sprint)
    if outcome.replaces is None or _rests_on(request, outcome.commitment):
        _move(request, outcome)
    # What was not announced of the request is told with the outcome.
    by, at = outcome.recorded_by, outcome.recorded_at
    status_updates.mark_outdated(request, by=by, at=at)
    obligations_in_bulk.create_obligations(
        event=event, request=request, announcement=outcome.announcement, by=by, at=at
    )


def _put_in_effect(outcome: Outcome) -> None:
    """Save it in the place of the one that it replaces."""
    if outcome.replaces is not None:
        outcome.replaces.is_current = False
        outcome.replaces.save(update_fields=["is_current"])
    outcome.save(force_insert=True)
    Announcement.objects.create(outcome=outcome, recorded_at=outcome.recorded_at)


def _put_on_record(outcome: Outcome, request: CustomerRequest, sprint: Sprint) -> Event:
    return events.record(
        "outcome.recorded",
        subject=outcome,
        request=request,
        by=outcome.recorded_by,
        at=outcome.recorded_at,
        data={"result": outcome.result, "sprint": sprint.pk},
    )


def _move(request: CustomerRequest, outcome: Outcome) -> None:
    requests.change_status(
        request_id=request.pk,
        status=_status_after(outcome.commitment, Outcome.Result(outcome.result)),
        cause=Cause.OUTCOME,
        by=outcome.recorded_by,
        at=outcome.recorded_at,
    )


def _status_after(commitment: Commitment, result: Outcome.Result) -> RequestStatus:
    """A pilot that went well is no delivery yet: the request is ready for its roll-out."""
    return RequestStatus.APPROVED if commitment.is_pilot else _LEAVES_REQUEST[result]


def _rests_on(request: CustomerRequest, commitment: Commitment) -> bool:
    """Whether the request is done by this commitment, and not by a later one, as after a pilot."""
    is_done = request.status in (RequestStatus.DELIVERED, RequestStatus.VERIFIED)
    return is_done and not request.commitments.live().filter(pk__gt=commitment.pk).exists()


def _lock(commitment_id: int) -> tuple[CustomerRequest, Sprint, Commitment]:
    request = CustomerRequest.objects.select_for_update(of=("self",), no_key=True).get(
        commitments=commitment_id
    )
    sprint = Sprint.objects.select_for_update(of=("self",), no_key=True).get(
        commitments=commitment_id
    )
    commitment = Commitment.objects.select_for_update(no_key=True).get(pk=commitment_id)
    return request, sprint, commitment


def _check_order(
    commitment: Commitment, sprint: Sprint, earlier: Outcome | None, result: str
) -> None:
    if result not in Outcome.Result:
        raise errors.Invalid(_("There is no such result."), field="result")
    if commitment.withdrawn_at is not None:
        raise CommitmentWithdrawn(_("The commitment was withdrawn."))
    if sprint.status == Sprint.Status.PLANNED:
        raise SprintNotStarted(_("“%(sprint)s” has not started.") % {"sprint": sprint})
    is_roll_back = result == Outcome.Result.ROLLED_BACK
    if is_roll_back and (earlier is None or earlier.shipped_at is None):
        raise NothingShipped(_("Nothing was shipped that could be rolled back."))
    if earlier is not None and (not is_roll_back or earlier.result == result):
        raise OutcomeOnRecord(
            _("This commitment has an outcome: %(result)s.")
            % {"result": earlier.get_result_display()}
        )


def _shipped(
    result: str, shipped_at: datetime | None, earlier: Outcome | None, at: datetime
) -> datetime | None:
    if result == Outcome.Result.NOT_DELIVERED:
        return None
    return shipped_at or (earlier.shipped_at if earlier else None) or at


def _where(result: str, shipped_where: str, earlier: Outcome | None) -> str:
    if result == Outcome.Result.NOT_DELIVERED:
        return ""
    given = text_input.storable(shipped_where.strip(), field="shipped_where")
    return given or (earlier.shipped_where if earlier else "")
