"""For whom tokens may be made."""

from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet

from backlog.models import User
from backlog.rules import roles as role_rules


def token_owners(user: User) -> "QuerySet[User]":
    """For whom a person may make a token: themselves, and the accounts of integrations."""
    with_more = Group.objects.exclude(name=role_rules.INTEGRATION)
    tools = User.objects.filter(groups__name=role_rules.INTEGRATION, is_superuser=False)
    return User.objects.filter(
        Q(pk=user.pk) | Q(pk__in=tools.exclude(groups__in=with_more)), is_active=True
    ).order_by("name", "pk")
