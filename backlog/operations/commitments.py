"""Sprints and what is taken into them."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, TypedDict, Unpack

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from backlog import errors
from backlog.errors import AlreadyCommitted
from backlog.models import (
    Commitment,
    CustomerRequest,
    RequestStatus,
    Sprint,
    StatusUpdate,
    User,
)
from backlog.operations import events, requests, sprints, status_updates
from backlog.rules import text_input
from backlog.rules.statuses import Cause


class CommitmentTerms(TypedDict, total=False):
    hypothesis: str
    measure: str
    baseline: Decimal | None
    target: Decimal | None
    is_pilot: bool


GOAL: Final = frozenset({"measure", "baseline", "target", "is_pilot"})


@transaction.atomic
def commit_request(
    *,
    sprint_id: int,
    request_id: int,
    by: User | None,
    at: datetime,
    **terms: Unpack[CommitmentTerms],
) -> Commitment:
    """Take an approved request into a sprint of its product."""
    sprints.lock_product(sprint_id)
    request = CustomerRequest.objects.select_for_update(no_key=True).get(pk=request_id)
    sprint = sprints.lock_open_sprint(sprint_id)
    _check_takes_in(sprint, request)
    is_active = sprint.status == Sprint.Status.ACTIVE
    requests.change_status(
        request_id=request.pk,
        status=RequestStatus.IN_PROGRESS if is_active else RequestStatus.PLANNED,
        cause=Cause.COMMITMENT,
        by=by,
        at=at,
    )
    commitment = Commitment(
        sprint=sprint, request=request, committed_by=by, committed_at=at, **terms
    )
    text_input.check(commitment)
    commitment.full_clean(validate_unique=False, validate_constraints=False)
    commitment.save(force_insert=True)
    events.record(
        "request.committed",
        subject=commitment,
        request=request,
        by=by,
        at=at,
        data={"sprint": sprint.pk, "is_pilot": commitment.is_pilot},
    )
    status_updates.create_update(request=request, kind=StatusUpdate.Kind.PLANNED, by=by, at=at)
    return commitment


@transaction.atomic
def edit_commitment(
    *,
    commitment_id: int,
    by: User | None,
    at: datetime,
    version: int | None = None,
    **changes: Unpack[CommitmentTerms],
) -> Commitment:
    """Change what is expected of a request in a sprint. Editing nothing records nothing.

    With `version`, refuses when somebody edited meanwhile. Once an outcome is on record only the
    hypothesis changes: nobody moves the goal after the fact.
    """
    request = _lock_request_of(commitment_id)
    commitment = Commitment.objects.get(pk=commitment_id)
    if commitment.withdrawn_at is not None:
        raise errors.CommitmentWithdrawn(_("The commitment was withdrawn."))
    sprints.lock_open_sprint(commitment.sprint_id)
    if any(getattr(commitment, name) != it for name, it in changes.items() if name in GOAL):
        _check_no_outcome(commitment, request)
    before = _terms(commitment, changes)
    changed = events.apply(commitment, dict(changes), version=version, by=by, at=at)
    if changed:
        events.record(
            "commitment.edited",
            subject=commitment,
            request=request,
            by=by,
            at=at,
            data={
                "changed": changed,
                "before": {name: before[name] for name in changed},
                "after": _terms(commitment, changed),
            },
        )
    return commitment


@transaction.atomic
def withdraw_commitment(
    *, commitment_id: int, reason: str, by: User | None, at: datetime
) -> Commitment:
    """Take a request back out of a sprint; it keeps its place on the board. Idempotent.

    Refused once it is on record what became of it.
    """
    request = _lock_request_of(commitment_id)
    commitment = Commitment.objects.get(pk=commitment_id)
    if commitment.withdrawn_at is not None:
        return commitment
    sprints.lock_open_sprint(commitment.sprint_id)
    _check_no_outcome(commitment, request)
    commitment.withdrawn_at = at
    commitment.save(update_fields=["withdrawn_at"])
    events.record(
        "commitment.withdrawn", subject=commitment, request=request, by=by, at=at, reason=reason
    )
    # Where somebody moved it by hand meanwhile, it stays.
    if request.status in (RequestStatus.PLANNED, RequestStatus.IN_PROGRESS):
        requests.change_status(
            request_id=request.pk,
            status=RequestStatus.APPROVED,
            cause=Cause.WITHDRAWAL,
            by=by,
            at=at,
        )
    return commitment


def _lock_request_of(commitment_id: int) -> CustomerRequest:
    """Held so that nobody changes the commitment, or says what became of it, meanwhile."""
    sprints.lock_product(Commitment.objects.values_list("sprint", flat=True).get(pk=commitment_id))
    locked = CustomerRequest.objects.select_for_update(of=("self",), no_key=True)
    return locked.get(commitments=commitment_id)


def _check_takes_in(sprint: Sprint, request: CustomerRequest) -> None:
    if sprint.product_id != request.product_id:
        raise errors.Invalid(
            _("%(key)s belongs to another product than the sprint.") % {"key": request.key},
            field="sprint",
            code="other_product",
        )
    live = Commitment.objects.live().filter(request=request)
    if live.filter(Q(sprint=sprint) | Q(outcomes__isnull=True)).exists():
        raise AlreadyCommitted(_("%(key)s is in a sprint already.") % {"key": request.key})


def _check_no_outcome(commitment: Commitment, request: CustomerRequest) -> None:
    if commitment.outcomes.exists():
        raise errors.OutcomeOnRecord(
            _("What became of %(key)s is on record.") % {"key": request.key}
        )


def _terms(commitment: Commitment, names: Iterable[str]) -> dict[str, Any]:
    """As JSON holds them; a figure is a text, without the zeros that say nothing."""
    terms = {name: getattr(commitment, name) for name in names}
    return {
        name: f"{term.normalize():f}" if isinstance(term, Decimal) else term
        for name, term in terms.items()
    }
