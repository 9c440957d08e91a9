"""What happens when a password becomes another, wherever that was done."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from backlog.models import User
from backlog.operations import api_tokens


class EndTokens:
    """Django tells its validators of each new password: by form, by command, by the admin alike.

    It does not when it only hashes the same password anew. Sessions end by themselves.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Nothing to say against any."""

    def get_help_text(self) -> str:
        return _("With a new password, all API tokens of the account stop working.")

    def password_changed(self, password: str, user: User) -> None:  # noqa: ARG002 -- Django's
        # An edge: Django calls it from wherever a password is saved.
        api_tokens.revoke_tokens(user_id=user.pk, by=None, at=timezone.now())
