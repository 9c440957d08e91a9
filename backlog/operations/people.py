"""Colleagues and departments."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict, Unpack

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import Department, Membership, User
from backlog.operations import ledger, staleness, text, tokens, zones
from backlog.rules import addresses, calendars
from backlog.rules import roles as role_rules


@transaction.atomic
def add_colleague(
    *,
    email: str,
    name: str,
    by: User | None,
    at: datetime,
    password: str | None = None,
    language: str = "ko",
    roles: Iterable[str] = (),
    department: Department | None = None,
) -> User:
    """A person who may sign in, with roles and a department. Without a password they cannot yet."""
    wanted = sorted(set(roles))
    user = User(email=addresses.comparable(email), name=name, language=language, is_staff=True)
    user.set_password(password)
    text.check(user)
    user.full_clean(exclude=["password"])
    user.save()
    _set_roles(user, wanted)
    ledger.record("colleague.added", subject=user, by=by, at=at, data={"roles": wanted})
    if department is not None:
        join_department(user_id=user.pk, department_id=department.pk, by=by, at=at)
    return user


class ColleagueChanges(TypedDict, total=False):
    name: str
    language: str
    time_zone: str
    is_active: bool


@transaction.atomic
def edit_colleague(
    *,
    user_id: int,
    by: User | None,
    at: datetime,
    version: int | None = None,
    **changes: Unpack[ColleagueChanges],
) -> User:
    """Change who a person is to us; without `is_active` they cannot sign in any more."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if "time_zone" in changes:
        zones.check(changes["time_zone"])
    changed = ledger.apply(user, dict(changes), version=version)
    if changed:
        ledger.record("colleague.edited", subject=user, by=by, at=at, data={"changed": changed})
    return user


@transaction.atomic
def set_password(*, user_id: int, password: str, by: User | None, at: datetime) -> User:
    """Give a person a new password; the ledger knows that, and nothing of the password.

    Whoever knew the old one may have made tokens with it: they end, as the sessions do.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    tokens.revoke_tokens(user_id=user.pk, by=by, at=at)
    user.set_password(password)
    user.save(update_fields=["password"])
    ledger.record("colleague.password_set", subject=user, by=by, at=at)
    return user


@transaction.atomic
def set_roles(*, user_id: int, roles: Iterable[str], by: User | None, at: datetime) -> User:
    """Replace all roles of a person. Setting what they have records nothing."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    wanted = sorted(set(roles))
    if wanted != sorted(user.groups.values_list("name", flat=True)):
        _set_roles(user, wanted)
        ledger.renew(user)
        ledger.record("colleague.roles_set", subject=user, by=by, at=at, data={"roles": wanted})
    return user


def _set_roles(user: User, roles: Iterable[str]) -> None:
    unknown = set(roles) - set(role_rules.PERMISSIONS)
    if unknown:
        raise errors.Invalid(
            _("There is no role “%(role)s”.") % {"role": min(unknown)}, field="roles"
        )
    user.groups.set(Group.objects.filter(name__in=roles))


@transaction.atomic
def add_department(*, name: str, by: User | None, at: datetime) -> Department:
    department = Department(name=name)
    text.check(department)
    department.full_clean()
    department.save()
    ledger.record("department.added", subject=department, by=by, at=at)
    return department


class DepartmentChanges(TypedDict, total=False):
    name: str


@transaction.atomic
def rename_department(
    *,
    department_id: int,
    by: User | None,
    at: datetime,
    version: int | None = None,
    **changes: Unpack[DepartmentChanges],
) -> Department:
    """Call a department something else. Its present name records nothing."""
    department = Department.objects.select_for_update(no_key=True).get(pk=department_id)
    if ledger.apply(department, dict(changes), version=version):
        ledger.record("department.renamed", subject=department, by=by, at=at)
    return department


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
    ledger.renew(user)
    ledger.record(
        "department.joined", subject=user, by=by, at=at, data={"department": department_id}
    )
    return membership


@transaction.atomic
def mark_seated(*, department_ids: Iterable[int], by: User | None, at: datetime) -> None:
    """These departments have a voting seat: from now on their silence widens scores.

    It writes requests, so callers come here before they lock anything of a council.
    """
    unseated = Department.objects.filter(pk__in=department_ids, is_seated=False).order_by("pk")
    if not unseated.exists():
        return
    staleness.mark_scored()
    for department in unseated.select_for_update(no_key=True):
        department.is_seated = True
        department.save(update_fields=["is_seated"])
        ledger.record("department.seated", subject=department, by=by, at=at)


def department_of(user: User) -> Department | None:
    """The department a person speaks for today."""
    current = Membership.objects.current().filter(user=user).select_related("department").first()
    return current.department if current else None


def token_owners(user: User) -> "QuerySet[User]":
    """For whom a person may make a token: themselves, and the accounts of integrations."""
    with_more = Group.objects.exclude(name=role_rules.INTEGRATION)
    tools = User.objects.filter(groups__name=role_rules.INTEGRATION, is_superuser=False)
    return User.objects.filter(
        Q(pk=user.pk) | Q(pk__in=tools.exclude(groups__in=with_more)), is_active=True
    ).order_by("name", "pk")
