"""Tokens of external tools: shown once, hashed at rest, replaced with overlap, revoked at once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.errors import TokenOver
from backlog.models import ApiToken, User
from backlog.operations import events
from backlog.rules import roles, text_input

SCOPES: Final = ("read", "feedback:write", "backlog:write", "council:write", "admin")
LONGEST_DAYS: Final = 3650


@transaction.atomic
def issue_token(
    *,
    owner: User,
    name: str,
    scopes: Iterable[str],
    lasts: timedelta | None,
    by: User | None,
    at: datetime,
) -> tuple[ApiToken, str]:
    """A token and its secret, which is shown this once; only its hash is kept.

    People make theirs themselves: with another's one could act in that one's name.
    """
    _check_owner(owner, by)
    wanted = sorted(set(scopes))
    unknown = set(wanted) - set(SCOPES)
    if unknown or not wanted:
        raise errors.Invalid(
            _("Choose scopes among: %(scopes)s.") % {"scopes": ", ".join(SCOPES)}, field="scopes"
        )
    _check_name(name)
    token, secret = ApiToken.objects.create(
        owner, expiry=lasts, name=name, scopes=wanted, made_by=by
    )
    data = {"token": token.token_key, "scopes": wanted}
    events.record("token.issued", subject=owner, by=by, at=at, data=data)
    return token, secret


def _check_owner(owner: User, by: User | None) -> None:
    """The operator at the command line may make any; such a token does nothing in person."""
    is_tool = roles.is_of_a_tool(owner.roles) and not owner.is_superuser
    if by is not None and by != owner and not is_tool:
        raise errors.Invalid(
            _("A token is for yourself or for the account of an integration."),
            field="user",
            code="not_yours",
        )


def _check_name(name: str) -> None:
    text_input.storable(name, field="name")
    if not 0 < len(name.strip()) <= 100:
        raise errors.Invalid(_("Give it a name of up to 100 characters."), field="name")


@transaction.atomic
def rotate_token(
    *, token_pk: str, overlap: timedelta, lasts: timedelta | None, by: User | None, at: datetime
) -> tuple[ApiToken, str]:
    """A successor with the same name, owner and scopes, and its secret.

    The old token goes on working for the overlap, so that no call fails while it is being replaced.
    Whoever could not make it cannot replace it either.
    """
    old = ApiToken.objects.select_for_update(of=("self",)).select_related("user").get(pk=token_pk)
    if old.is_over(at=at):
        raise TokenOver(_("This token does not work any more. Make a new one."))
    ends = at + overlap
    if old.expiry is None or old.expiry > ends:
        old.expiry = ends
        old.save(update_fields=["expiry"])
    successor, secret = issue_token(
        owner=old.user, name=old.name, scopes=old.scopes, lasts=lasts, by=by, at=at
    )
    data = {"token": old.token_key, "successor": successor.token_key}
    events.record("token.rotated", subject=old.user, by=by, at=at, data=data)
    return successor, secret


@transaction.atomic
def revoke_tokens(*, user_id: int, by: User | None, at: datetime) -> int:
    """All of a person's tokens stop working at once; returns how many still did."""
    tokens = ApiToken.objects.filter(user=user_id, revoked_at=None).exclude(expiry__lte=at)
    live = list(tokens.order_by("pk").values_list("pk", flat=True))
    for token_pk in live:
        revoke_token(token_pk=token_pk, by=by, at=at)
    return len(live)


@transaction.atomic
def revoke_token(*, token_pk: str, by: User | None, at: datetime) -> ApiToken:
    """The token stops working at once and stays on record. Revoking it twice changes nothing."""
    rows = ApiToken.objects.select_for_update(of=("self",)).select_related("user")
    token: ApiToken = rows.get(pk=token_pk)
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        data = {"token": token.token_key}
        events.record("token.revoked", subject=token.user, by=by, at=at, data=data)
    return token


def note_use(*, token: ApiToken, by: User | None, at: datetime) -> None:
    """Remember when a token was last used, to the minute: reading must not cost a write each."""
    if token.last_used_at is None or token.last_used_at <= at - timedelta(minutes=1):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
