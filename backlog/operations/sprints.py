"""Sprints and what is taken into them."""

from datetime import date, datetime, timedelta
from typing import Final, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.errors import (
    AnotherSprintActive,
    MovedByHand,
    OutcomesMissing,
    SprintClosed,
    SprintNotActive,
)
from backlog.models import Commitment, CustomerRequest, Product, RequestStatus, Sprint, User
from backlog.operations import commitments, events, requests
from backlog.queries import commitments as commitment_queries
from backlog.rules import text_input
from backlog.rules.statuses import Cause

LONGEST: Final = timedelta(days=366)
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
    text_input.check(sprint)
    sprint.full_clean()
    _check_length(sprint)
    sprint.save()
    events.record("sprint.planned", subject=sprint, by=by, at=at)
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
    sprint = lock_open_sprint(sprint_id)
    changed = events.apply(sprint, dict(changes), version=version, by=by, at=at)
    _check_length(sprint)
    if changed:
        events.record("sprint.edited", subject=sprint, by=by, at=at, data={"changed": changed})
    return sprint


@transaction.atomic
def start_sprint(
    *, sprint_id: int, by: User | None, at: datetime, take_out_moved: bool = False
) -> Sprint:
    """Begin a planned sprint: what is committed is in progress from now on. Idempotent.

    What somebody moved by hand meanwhile is taken out with `take_out_moved`; else it is refused.
    """
    product = lock_product(sprint_id)
    committed = _requests_in(sprint_id)
    sprint = lock_open_sprint(sprint_id)
    if sprint.status == Sprint.Status.ACTIVE:
        return sprint
    if Sprint.objects.filter(product=product, status=Sprint.Status.ACTIVE).exists():
        raise AnotherSprintActive(
            _("%(product)s has a sprint that runs. Close it first.") % {"product": product}
        )
    _settle_moved(sprint, RequestStatus.PLANNED, take_out=take_out_moved, by=by, at=at)
    sprint.status, sprint.started_at = Sprint.Status.ACTIVE, at
    sprint.save(update_fields=["status", "started_at"])
    events.record("sprint.started", subject=sprint, by=by, at=at)
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
    lock_product(sprint_id)
    _requests_in(sprint_id)
    sprint = Sprint.objects.select_for_update(no_key=True).get(pk=sprint_id)
    if sprint.status == Sprint.Status.CLOSED:
        return sprint
    if sprint.status != Sprint.Status.ACTIVE:
        raise SprintNotActive(_("“%(sprint)s” has not started.") % {"sprint": sprint})
    without = Commitment.objects.live().filter(sprint=sprint, outcomes__isnull=True)
    without = without.exclude(pk__in=commitment_queries.moved_by_hand(sprint).values("pk"))
    keys = list(without.order_by("request__rank").values_list("request__key", flat=True))
    if keys:
        raise OutcomesMissing(
            _("Say first what became of %(keys)s.") % {"keys": ", ".join(keys)}, requests=keys
        )
    _settle_moved(sprint, RequestStatus.IN_PROGRESS, take_out=take_out_moved, by=by, at=at)
    sprint.status, sprint.closed_at = Sprint.Status.CLOSED, at
    sprint.save(update_fields=["status", "closed_at"])
    events.record("sprint.closed", subject=sprint, by=by, at=at)
    return sprint


def _settle_moved(
    sprint: Sprint, back_to: RequestStatus, *, take_out: bool, by: User | None, at: datetime
) -> None:
    moved = list(commitment_queries.moved_by_hand(sprint))
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
        commitments.withdraw_commitment(commitment_id=each.pk, reason=reason, by=by, at=at)


def lock_product(sprint_id: int) -> Product:
    """Whoever changes what is in a sprint holds its product, so that a start leaves nobody out."""
    rows = Product.objects.select_for_update(of=("self",), no_key=True)
    return rows.get(sprints=sprint_id)


def lock_open_sprint(sprint_id: int) -> Sprint:
    sprint = Sprint.objects.select_for_update(no_key=True).get(pk=sprint_id)
    if sprint.status == Sprint.Status.CLOSED:
        raise SprintClosed(_("“%(sprint)s” is closed.") % {"sprint": sprint})
    return sprint


def _requests_in(sprint_id: int) -> list[CustomerRequest]:
    """Locked before the sprint, as everywhere, and in the order of their ids."""
    committed = Commitment.objects.live().filter(sprint=sprint_id).values("request")
    rows = CustomerRequest.objects.select_for_update(no_key=True).filter(pk__in=committed)
    return list(rows.order_by("pk"))
