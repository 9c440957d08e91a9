"""Calling every operation of the API with what fits its description, and with what does not.

`fuzzing.toml` says what is asked of the answers.
"""

from pathlib import Path

from django.contrib.auth.models import Group

from backlog.models import User
from backlog.operations import api_tokens
from backlog.rules import roles
from tests import fuzz_hooks
from tests.factories import NOON, people

CONFIG = Path(__file__).with_suffix(".toml")
HOOKS = fuzz_hooks.__name__
EVERY_ROLE = tuple(roles.PERMISSIONS)


def token_of_somebody_with(*held: str) -> str:
    """The secret of a token with all scopes, whose owner has these roles."""
    owner: User = people.UserFactory.create(is_staff=True)
    owner.groups.add(*(Group.objects.get_or_create(name=role)[0] for role in held))
    people.MembershipFactory.create(user=owner)
    _token, secret = api_tokens.issue_token(
        owner=owner, name="Fuzzing", scopes=api_tokens.SCOPES, lasts=None, by=None, at=NOON
    )
    return secret
