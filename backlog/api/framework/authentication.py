"""Who is calling, by token. DRF imports this while it loads, so it must not import DRF's views."""

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication as KnoxAuthentication
from knox.crypto import hash_token
from rest_framework import exceptions

from backlog.auth import origins
from backlog.models import ApiToken, User
from backlog.operations import api_tokens


class TokenAuthentication(KnoxAuthentication):
    """`Authorization: Bearer …`. A token is found by its hash and acts as its owner."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        now = timezone.now()
        digest = hash_token(token.decode("ascii", errors="replace"))
        held = _held(digest)
        if held is None:
            raise _refused("token_unknown", _("There is no such token."))
        if held.revoked_at is not None:
            raise _refused("token_revoked", _("The token was revoked."))
        if held.has_expired(at=now):
            raise _refused("token_expired", _("The token has expired."))
        if not held.user.is_active:
            raise _refused("owner_inactive", _("The owner of the token may not sign in any more."))
        api_tokens.note_use(token=held, by=None, at=now)
        held.user.token = held
        origins.is_by_token(held.token_key)
        return held.user, held


def _held(digest: str) -> ApiToken | None:
    """The token with its owner and their roles, by one query: it finds a row for each role."""
    found = ApiToken.objects.filter(digest=digest).select_related("user")
    rows = list(found.annotate(role=F("user__groups__name")))
    if not rows:
        return None
    held: ApiToken = rows[0]
    held.user.roles = frozenset(row.role for row in rows if row.role is not None)
    return held


def _refused(code: str, detail: str) -> exceptions.AuthenticationFailed:
    return exceptions.AuthenticationFailed(detail, code=code)
