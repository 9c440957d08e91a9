"""Who is calling, by token. DRF imports this while it loads, so it must not import DRF's views."""

from django.utils import timezone
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication as KnoxAuthentication
from knox.crypto import hash_token
from rest_framework import exceptions

from backlog.models import ApiToken, User
from backlog.operations import people


class TokenAuthentication(KnoxAuthentication):
    """`Authorization: Bearer …`. A token is found by its hash and acts as its owner."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        now = timezone.now()
        digest = hash_token(token.decode("ascii", errors="replace"))
        held = ApiToken.objects.select_related("user").filter(digest=digest).first()
        is_over = held is not None and held.expiry is not None and held.expiry <= now
        if held is None or is_over or not held.user.is_active:
            raise exceptions.AuthenticationFailed(
                _("The token is not known, has expired or was revoked."), code="token_invalid"
            )
        people.note_token_use(token=held, at=now)
        return held.user, held
