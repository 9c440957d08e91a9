"""Who is calling, by token. DRF imports this while it loads, so it must not import DRF's views."""

from functools import cache
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication as KnoxAuthentication
from knox.crypto import hash_token
from rest_framework import exceptions

from backlog.auth import origins
from backlog.db.prepared import Prepared
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
    rows = _ROWS.rows(digest)
    if not rows:
        return None
    count = len(_columns(ApiToken))
    held: ApiToken = ApiToken.from_db(DEFAULT_DB_ALIAS, _columns(ApiToken), rows[0][:count])
    held.user = User.from_db(DEFAULT_DB_ALIAS, _columns(User), rows[0][count:-1])
    held.user.roles = frozenset(row[-1] for row in rows if row[-1] is not None)
    return held


@cache
def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]  # noqa: SLF001 -- documented


def _by_digest(digest: str) -> "QuerySet[ApiToken, tuple[Any, ...]]":
    owner = (f"user__{name}" for name in _columns(User))
    found: QuerySet[ApiToken] = ApiToken.objects.filter(digest=digest)
    return found.values_list(*_columns(ApiToken), *owner, "user__groups__name")


_ROWS: Final = Prepared(_by_digest)


def _refused(code: str, detail: str) -> exceptions.AuthenticationFailed:
    return exceptions.AuthenticationFailed(detail, code=code)
