"""Colleagues and departments."""

from collections.abc import Iterable
from datetime import datetime
from typing import Unpack

from django.db import transaction

from backlog.models import Department, User
from backlog.operations import events, stale_scores, users
from backlog.rules import text_input


@transaction.atomic
def add_department(*, name: str, by: User | None, at: datetime) -> Department:
    department = Department(name=name)
    text_input.check(department)
    department.full_clean()
    department.save()
    events.record("department.added", subject=department, by=by, at=at)
    return department


@transaction.atomic
def rename_department(
    *,
    department_id: int,
    by: User | None,
    at: datetime,
    version: int | None = None,
    **changes: Unpack[users.DepartmentChanges],
) -> Department:
    """Call a department something else. Its present name records nothing."""
    department = Department.objects.select_for_update(no_key=True).get(pk=department_id)
    if events.apply(department, dict(changes), version=version, by=by, at=at):
        events.record("department.renamed", subject=department, by=by, at=at)
    return department


@transaction.atomic
def mark_seated(*, department_ids: Iterable[int], by: User | None, at: datetime) -> None:
    """These departments have a voting seat: from now on their silence widens scores.

    It writes requests, so callers come here before they lock anything of a council.
    """
    unseated = Department.objects.filter(pk__in=department_ids, is_seated=False).order_by("pk")
    if not unseated.exists():
        return
    stale_scores.mark_scored(by=by, at=at)
    for department in unseated.select_for_update(no_key=True):
        department.is_seated = True
        department.save(update_fields=["is_seated"])
        events.record("department.seated", subject=department, by=by, at=at)
