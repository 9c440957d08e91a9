"""Endpoints: which other tools are told of what, and the secret that proves it is us who tell."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.delivery import http
from backlog.models import Endpoint, Product, User
from backlog.models.endpoints import EventKind
from backlog.operations import events
from backlog.rules import text_input

OVERLAP: Final = timedelta(days=1)
"""So long messages are signed with the old secret, too, after it was replaced."""
WORKING: Final[dict[str, Any]] = {
    "failures": 0,
    "failing_since": None,
    "failure": "",
    "rests_until": None,
}
"""What an endpoint is after it took something, or when it is switched on again."""


class EndpointChanges(TypedDict, total=False):
    name: str
    url: str
    form: str
    kinds: Sequence[str]
    product: Product | None
    language: str
    is_active: bool


@transaction.atomic
def add_endpoint(*, by: User | None, at: datetime, **facts: Unpack[EndpointChanges]) -> Endpoint:
    """An endpoint that is told from now on; of what happened before it is told nothing."""
    endpoint = Endpoint(salt=secrets.token_hex(16), **facts)
    endpoint.url = _checked(endpoint.url, endpoint.kinds)
    text_input.check(endpoint)
    endpoint.full_clean()
    endpoint.save()
    events.record("endpoint.added", subject=endpoint, by=by, at=at)
    return endpoint


@transaction.atomic
def edit_endpoint(
    *,
    endpoint_id: int,
    by: User | None,
    at: datetime,
    version: int | None = None,
    **changes: Unpack[EndpointChanges],
) -> Endpoint:
    """Change it, or switch it off and on: what waited for it then goes on. Nothing twice."""
    endpoint = Endpoint.objects.select_for_update(no_key=True).get(pk=endpoint_id)
    wanted: dict[str, Any] = dict(changes)
    wanted["url"] = _checked(wanted.get("url", endpoint.url), wanted.get("kinds", endpoint.kinds))
    is_tried_again = changes.get("is_active", False) or wanted["url"] != endpoint.url
    changed = events.apply(endpoint, wanted, version=version, by=by, at=at)
    if changed:
        if is_tried_again:
            Endpoint.objects.filter(pk=endpoint.pk).update(**WORKING)
            endpoint.refresh_from_db(fields=list(WORKING))
        data = {"changed": changed}
        events.record("endpoint.edited", subject=endpoint, by=by, at=at, data=data)
    return endpoint


@transaction.atomic
def rotate_secret(*, endpoint_id: int, by: User | None, at: datetime) -> Endpoint:
    """Replace the secret. For a day the old one signs as well, so that no message is refused."""
    endpoint = Endpoint.objects.select_for_update(no_key=True).get(pk=endpoint_id)
    endpoint.old_salt, endpoint.old_salt_until = endpoint.salt, at + OVERLAP
    endpoint.salt = secrets.token_hex(16)
    endpoint.save(update_fields=["salt", "old_salt", "old_salt_until"])
    events.record("endpoint.secret_rotated", subject=endpoint, by=by, at=at)
    return endpoint


def _checked(url: str, kinds: Sequence[str]) -> str:
    """The address as it is called."""
    try:
        written = http.written(url)
        http.check(written)
    except http.BadAddress as bad:
        raise errors.Invalid(str(bad), field="url", code="bad_address") from bad
    if not isinstance(kinds, list) or not set(kinds) <= set(EventKind.values):
        raise errors.Invalid(_("There is no such kind of event."), field="kinds")
    return written
