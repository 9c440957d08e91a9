"""How much time departments have for a sprint, and how much of it each commitment takes.

More may be asked of a department than it has: people see the warning and decide. Lock order:
request, sprint, commitment.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import Capacity, Commitment, CustomerRequest, Effort, Sprint, User
from backlog.operations import events


@transaction.atomic
def set_capacity(
    *,
    sprint_id: int,
    department_id: int,
    days: Decimal,
    by: User | None,
    at: datetime,
    before: Decimal | None = None,
) -> None:
    """The person-days that a department has for a sprint; none take it back.

    They take the place of `before`, and are refused where others stand there by now; without
    `before` they take the place of any. Setting what is there records nothing.
    """
    sprint = _open(sprint_id)
    rows = Capacity.objects.filter(sprint=sprint, department=department_id)
    if _set(rows, days, before, sprint=sprint, department_id=department_id):
        events.record(
            "sprint.capacity_set",
            subject=sprint,
            by=by,
            at=at,
            data={"department": department_id, "days": str(days)},
        )


@transaction.atomic
def set_effort(
    *,
    commitment_id: int,
    department_id: int,
    days: Decimal,
    by: User | None,
    at: datetime,
    before: Decimal | None = None,
) -> None:
    """The person-days that a commitment takes of a department; none take it back.

    `before` is as for `set_capacity`. Setting what is there records nothing.
    """
    request = CustomerRequest.objects.select_for_update(of=("self",), no_key=True).get(
        commitments=commitment_id
    )
    _open(Commitment.objects.values_list("sprint", flat=True).get(pk=commitment_id))
    commitment = Commitment.objects.select_for_update(no_key=True).get(pk=commitment_id)
    if commitment.withdrawn_at is not None:
        raise errors.CommitmentWithdrawn(_("The commitment was withdrawn."))
    rows = Effort.objects.filter(commitment=commitment, department=department_id)
    if _set(rows, days, before, commitment=commitment, department_id=department_id):
        events.record(
            "commitment.effort_set",
            subject=commitment,
            request=request,
            by=by,
            at=at,
            data={"department": department_id, "days": str(days)},
        )


def _set(rows: QuerySet[Any], days: Decimal, before: Decimal | None, **whose: Any) -> bool:
    """Whether that changed anything."""
    if days < 0:
        raise errors.Invalid(_("Nobody has fewer than no days."), field="days", code="negative")
    earlier = rows.values_list("days", flat=True).first() or Decimal(0)
    if days == earlier:
        return False
    if before is not None and before != earlier:
        raise errors.VersionConflict(
            _("Somebody has changed these days meanwhile."), days=str(earlier)
        )
    if days:
        row = rows.model(**whose, days=days)
        row.clean_fields()
        rows.update_or_create(**whose, defaults={"days": days})
    else:
        rows.delete()
    return True


def _open(sprint_id: int) -> Sprint:
    sprint = Sprint.objects.select_for_update(no_key=True).get(pk=sprint_id)
    if sprint.status == Sprint.Status.CLOSED:
        raise errors.SprintClosed(_("“%(sprint)s” is closed.") % {"sprint": sprint})
    return sprint
