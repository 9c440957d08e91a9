"""Colleagues and departments."""

from datetime import datetime

from django.db import transaction

from backlog.models import Membership, User
from backlog.operations import events
from backlog.rules import calendars


@transaction.atomic
def join_department(
    *, user_id: int, department_id: int, by: User | None, at: datetime
) -> Membership:
    """Move a person to a department; the earlier membership ends that day. Idempotent."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    current = Membership.objects.current().filter(user=user).first()
    if current is not None and current.department_id == department_id:
        return current
    today = calendars.day_of(at)
    if current is not None:
        current.ends_on = max(today, current.starts_on)
        current.save(update_fields=["ends_on"])
    membership = Membership.objects.create(user=user, department_id=department_id, starts_on=today)
    events.renew(user, by=by, at=at)
    events.record(
        "department.joined", subject=user, by=by, at=at, data={"department": department_id}
    )
    return membership
