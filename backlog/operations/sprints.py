"""Sprints and what is taken into them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, TypedDict, Unpack

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import Commitment, CustomerRequest, News, Product, RequestStatus, Sprint, User
from backlog.models.sprints import CommitmentQuerySet
from backlog.operations import ledger, news, outcomes, requests, text
from backlog.rules.statuses import Cause


class AnotherSprintActive(errors.Refusal):
    """A product works in one sprint at a time."""

    code = "another_sprint_active"


class SprintClosed(errors.Refusal):
    """A closed sprint takes nothing in and gives nothing back."""

    code = "sprint_closed"


class SprintNotActive(errors.Refusal):
    """Only a sprint that runs can be closed."""

    code = "sprint_not_active"


class OutcomesMissing(errors.Refusal):
    """A sprint closes when each of its commitments has an outcome; `details` name those without."""

    code = "outcomes_missing"


class MovedByHand(errors.Refusal):
    """Requests of the sprint were moved by hand; `details` name them."""

    code = "moved_by_hand"


class AlreadyCommitted(errors.Refusal):
    """The request is in a sprint, and it is not known yet what became of it there."""

    code = "already_committed"


class CommitmentTerms(TypedDict, total=False):
    hypothesis: str
    measure: str
    baseline: Decimal | None
    target: Decimal | None
    is_pilot: bool


LONGEST: Final = timedelta(days=366)
GOAL: Final = frozenset({"measure", "baseline", "target", "is_pilot"})
"""The terms that an outcome is held against."""


@transaction.atomic
def plan_sprint(
    *,
    product_id: int,
    name: str,
    starts_on: date,
    ends_on: date,
    by: User | None,
    at: datetime,
    goal: str = "",
) -> Sprint:
    sprint = Sprint(
        product=Product.objects.get(pk=product_id),
        name=name,
        goal=goal,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    text.check(sprint)
    sprint.full_clean()
    _check_length(sprint)
    sprint.save()
    ledger.record("sprint.planned", subject=sprint, by=by, at=at)
    return sprint


def _check_length(sprint: Sprint) -> None:
    """Its burn-up has a row for each day."""
    if sprint.ends_on - sprint.starts_on > LONGEST:
        raise errors.Invalid(_("A sprint lasts a year at most."), field="ends_on", code="too_long")


class SprintChanges(TypedDict, total=False):
    name: str
    goal: str
    starts_on: date
    ends_on: date


@transaction.atomic
def edit_sprint(
    *,
    sprint_id: int,
    by: User | None,
    at: datetime,
    version: int | None = None,
    **changes: Unpack[SprintChanges],
) -> Sprint:
    """Change a sprint that is not closed. Editing nothing records nothing."""
    sprint = _open(sprint_id)
    changed = ledger.apply(sprint, dict(changes), version=version)
    _check_length(sprint)
    if changed:
        ledger.record("sprint.edited", subject=sprint, by=by, at=at, data={"changed": changed})
    return sprint


@transaction.atomic
def start_sprint(
    *, sprint_id: int, by: User | None, at: datetime, take_out_moved: bool = False
) -> Sprint:
    """Begin a planned sprint: what is committed is in progress from now on. Idempotent.

    What somebody moved by hand meanwhile is taken out with `take_out_moved`; else it is refused.
    """
    product = _lock_product(sprint_id)
    committed = _requests_in(sprint_id)
    sprint = _open(sprint_id)
    if sprint.status == Sprint.Status.ACTIVE:
        return sprint
    if Sprint.objects.filter(product=product, status=Sprint.Status.ACTIVE).exists():
        raise AnotherSprintActive(
            _("%(product)s has a sprint that runs. Close it first.") % {"product": product}
        )
    _settle_moved(sprint, RequestStatus.PLANNED, take_out=take_out_moved, by=by, at=at)
    sprint.status, sprint.started_at = Sprint.Status.ACTIVE, at
    sprint.save(update_fields=["status", "started_at"])
    ledger.record("sprint.started", subject=sprint, by=by, at=at)
    for request in committed:
        request.refresh_from_db(fields=["status"])
        if request.status != RequestStatus.PLANNED:
            continue  # Taken out just now, or in progress already.
        requests.change_status(
            request_id=request.pk,
            status=RequestStatus.IN_PROGRESS,
            cause=Cause.SPRINT_START,
            by=by,
            at=at,
        )
    return sprint


@transaction.atomic
def close_sprint(
    *, sprint_id: int, by: User | None, at: datetime, take_out_moved: bool = False
) -> Sprint:
    """End a sprint that runs. Refused while a commitment has no outcome. Idempotent.

    What somebody moved by hand meanwhile is taken out with `take_out_moved`; else it is refused.
    """
    _lock_product(sprint_id)
    _requests_in(sprint_id)
    sprint = Sprint.objects.select_for_update(no_key=True).get(pk=sprint_id)
    if sprint.status == Sprint.Status.CLOSED:
        return sprint
    if sprint.status != Sprint.Status.ACTIVE:
        raise SprintNotActive(_("“%(sprint)s” has not started.") % {"sprint": sprint})
    without = Commitment.objects.live().filter(sprint=sprint, outcomes__isnull=True)
    without = without.exclude(pk__in=moved_by_hand(sprint).values("pk"))
    keys = list(without.order_by("request__rank").values_list("request__key", flat=True))
    if keys:
        raise OutcomesMissing(
            _("Say first what became of %(keys)s.") % {"keys": ", ".join(keys)}, requests=keys
        )
    _settle_moved(sprint, RequestStatus.IN_PROGRESS, take_out=take_out_moved, by=by, at=at)
    sprint.status, sprint.closed_at = Sprint.Status.CLOSED, at
    sprint.save(update_fields=["status", "closed_at"])
    ledger.record("sprint.closed", subject=sprint, by=by, at=at)
    return sprint


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
    _lock_product(sprint_id)
    request = CustomerRequest.objects.select_for_update(no_key=True).get(pk=request_id)
    sprint = _open(sprint_id)
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
    text.check(commitment)
    commitment.full_clean(validate_unique=False, validate_constraints=False)
    commitment.save(force_insert=True)
    ledger.record(
        "request.committed",
        subject=commitment,
        request=request,
        by=by,
        at=at,
        data={"sprint": sprint.pk, "is_pilot": commitment.is_pilot},
    )
    news.spread(request=request, kind=News.Kind.PLANNED, by=by, at=at)
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
        raise outcomes.CommitmentWithdrawn(_("The commitment was withdrawn."))
    _open(commitment.sprint_id)
    if any(getattr(commitment, name) != it for name, it in changes.items() if name in GOAL):
        _check_no_outcome(commitment, request)
    before = _terms(commitment, changes)
    changed = ledger.apply(commitment, dict(changes), version=version)
    if changed:
        ledger.record(
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
    _open(commitment.sprint_id)
    _check_no_outcome(commitment, request)
    commitment.withdrawn_at = at
    commitment.save(update_fields=["withdrawn_at"])
    ledger.record(
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


def moved_by_hand(sprint: Sprint) -> CommitmentQuerySet:
    """Commitments without an outcome whose request neither waits for the sprint nor is in it."""
    waits = (RequestStatus.PLANNED, RequestStatus.IN_PROGRESS)
    live = Commitment.objects.live().filter(sprint=sprint, outcomes__isnull=True)
    return live.exclude(request__status__in=waits).select_related("request").order_by("pk")


def _settle_moved(
    sprint: Sprint, back_to: RequestStatus, *, take_out: bool, by: User | None, at: datetime
) -> None:
    moved = list(moved_by_hand(sprint))
    if moved and not take_out:
        keys = [each.request.key for each in moved]
        raise MovedByHand(
            _(
                "Moved by hand since they were taken in: %(keys)s. Take them out of the sprint, or "
                "move them back to “%(status)s”."
            )
            % {"keys": ", ".join(keys), "status": back_to.label},
            requests=keys,
        )
    for each in moved:
        reason = _("moved by hand")
        withdraw_commitment(commitment_id=each.pk, reason=reason, by=by, at=at)


def _lock_product(sprint_id: int) -> Product:
    """Whoever changes what is in a sprint holds its product, so that a start leaves nobody out."""
    rows = Product.objects.select_for_update(of=("self",), no_key=True)
    return rows.get(sprints=sprint_id)


def _lock_request_of(commitment_id: int) -> CustomerRequest:
    """Held so that nobody changes the commitment, or says what became of it, meanwhile."""
    _lock_product(Commitment.objects.values_list("sprint", flat=True).get(pk=commitment_id))
    locked = CustomerRequest.objects.select_for_update(of=("self",), no_key=True)
    return locked.get(commitments=commitment_id)


def _open(sprint_id: int) -> Sprint:
    sprint = Sprint.objects.select_for_update(no_key=True).get(pk=sprint_id)
    if sprint.status == Sprint.Status.CLOSED:
        raise SprintClosed(_("“%(sprint)s” is closed.") % {"sprint": sprint})
    return sprint


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
        raise outcomes.OutcomeOnRecord(
            _("What became of %(key)s is on record.") % {"key": request.key}
        )


def _terms(commitment: Commitment, names: Iterable[str]) -> dict[str, Any]:
    """As JSON holds them; a figure is a text, without the zeros that say nothing."""
    terms = {name: getattr(commitment, name) for name in names}
    return {
        name: f"{term.normalize():f}" if isinstance(term, Decimal) else term
        for name, term in terms.items()
    }


def _requests_in(sprint_id: int) -> list[CustomerRequest]:
    """Locked before the sprint, as everywhere, and in the order of their ids."""
    committed = Commitment.objects.live().filter(sprint=sprint_id).values("request")
    rows = CustomerRequest.objects.select_for_update(no_key=True).filter(pk__in=committed)
    return list(rows.order_by("pk"))
