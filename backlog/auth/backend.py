"""Permissions from roles: Django asks here what the groups of a person allow."""

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model

from backlog.models import User
from backlog.rules import roles


class RoleBackend(BaseBackend):
    """Answers `has_perm` from the table in `backlog.rules.roles`; signs nobody in.

    Its “no” is final for all that the table is about: no other backend is asked, so no row of
    permissions says otherwise, and none is read.
    """

    def has_perm(
        self, user_obj: AbstractBaseUser | AnonymousUser, perm: str, obj: Model | None = None
    ) -> bool:
        if not isinstance(user_obj, User) or not user_obj.is_active or obj is not None:
            return False
        if perm in roles.permissions_of(user_obj.roles):
            return True
        if perm.partition(".")[0] in roles.APPS:
            raise PermissionDenied  # As Django has backends say that nobody else is to be asked.
        return False

    def get_group_permissions(
        self, user_obj: AbstractBaseUser | AnonymousUser, obj: Model | None = None
    ) -> set[str]:
        if not isinstance(user_obj, User) or not user_obj.is_active or obj is not None:
            return set()
        return set(roles.permissions_of(user_obj.roles))

    def has_module_perms(self, user_obj: User | AnonymousUser, app_label: str) -> bool:
        prefix = f"{app_label}."
        return any(name.startswith(prefix) for name in self.get_group_permissions(user_obj))
