"""Colleagues and departments."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict, Unpack

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import Department, User
from backlog.operations import api_tokens, events, memberships
from backlog.rules import addresses, text_input, time_zones
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
    text_input.check(user)
    user.full_clean(exclude=["password"])
    user.save()
    _set_roles(user, wanted)
    events.record("colleague.added", subject=user, by=by, at=at, data={"roles": wanted})
    if department is not None:
        memberships.join_department(user_id=user.pk, department_id=department.pk, by=by, at=at)
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
        time_zones.check(changes["time_zone"])
    changed = events.apply(user, dict(changes), version=version, by=by, at=at)
    if changed:
        events.record("colleague.edited", subject=user, by=by, at=at, data={"changed": changed})
    return user


@transaction.atomic
def invite_colleague(*, user_id: int, by: User | None, at: datetime) -> User:
    """Put on record that a person is sent a link to set a password; the edge has it sent."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if not user.is_active or role_rules.is_of_a_tool(user.roles):
        raise errors.Invalid(_("Nobody can sign in with this account."), field="roles")
    events.record("colleague.invited", subject=user, by=by, at=at)
    return user


@transaction.atomic
def set_password(*, user_id: int, password: str, by: User | None, at: datetime) -> User:
    """Give a person a new password; the ledger knows that, and nothing of the password.

    Whoever knew the old one may have made tokens with it: they end, as the sessions do.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    api_tokens.revoke_tokens(user_id=user.pk, by=by, at=at)
    user.set_password(password)
    user.save(update_fields=["password"])
    events.record("colleague.password_set", subject=user, by=by, at=at)
    return user


@transaction.atomic
def set_roles(*, user_id: int, roles: Iterable[str], by: User | None, at: datetime) -> User:
    """Replace all roles of a person. Setting what they have records nothing."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    wanted = sorted(set(roles))
    if wanted != sorted(user.groups.values_list("name", flat=True)):
        _set_roles(user, wanted)
        events.renew(user, by=by, at=at)
        events.record("colleague.roles_set", subject=user, by=by, at=at, data={"roles": wanted})
    return user


def _set_roles(user: User, roles: Iterable[str]) -> None:
    unknown = set(roles) - set(role_rules.PERMISSIONS)
    if unknown:
        raise errors.Invalid(
            _("There is no role “%(role)s”.") % {"role": min(unknown)}, field="roles"
        )
    user.groups.set(Group.objects.filter(name__in=roles))


class DepartmentChanges(TypedDict, total=False):
    name: str
