"""Forms that may be sent twice: by a double click, by “back” and “send”, or from two tabs.

A form is shown with the newest claim that the person had made until then. What it does is claimed
in the transaction that does it; a claim of the very same, made after the form was shown, is this
form sent before. Somebody who means it twice opens the form again. No clock is compared.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from backlog.models import User
from backlog.operations import idempotency_keys
from backlog.queries import idempotency_keys as idempotency_key_queries
from backlog.rules import names

FIELD: Final = "_shown_after"
_SHOWN: Final = "hearback.shown_after"
# What differs between two showings of the same form.
_ASIDE: Final = frozenset({FIELD, "csrfmiddlewaretoken", "back"})


def shown_after(request: HttpRequest) -> int:
    """What the hidden field of the forms on this page says; asked for once a page."""
    if _SHOWN not in request.META:
        user = request.user
        request.META[_SHOWN] = (
            idempotency_key_queries.newest_of(user) if isinstance(user, User) else 0
        )
    return int(request.META[_SHOWN])


def claim(request: HttpRequest, *, at: datetime, part: object = "") -> None:
    """Call it in the transaction of what the form does. Raises SentAlready where that was done.

    `part` names one of several things that one form does. A form without the field counts as
    shown before everything, so what forgets the field is done once a day, not twice.
    """
    assert isinstance(request.user, User)
    write = idempotency_keys.Write(
        user=request.user,
        method=str(request.method),
        path=request.path[:300],
        key=f"form:{_digest(request, part)}",
        fingerprint="",
    )
    shown = names.number(request.POST.get(FIELD, "")) or 0
    idempotency_keys.claim_form(write=write, shown_after=shown, by=write.user, at=at)


@contextmanager
def once(request: HttpRequest, *, at: datetime, part: object = "") -> Iterator[None]:
    """`with once(request, at=at): operation(...)`: both in one transaction; see `claim`."""
    with transaction.atomic():
        claim(request, at=at, part=part)
        yield


def _digest(request: HttpRequest, part: object) -> str:
    """Of all that was typed and chosen; keyed, for a password may be among it."""
    sent = [
        sorted((name, values) for name, values in given.lists() if name not in _ASIDE)
        for given in (request.GET, request.POST)
    ]
    content = json.dumps([str(part), sent])
    return salted_hmac("backlog.forms.sent_once", content, algorithm="sha256").hexdigest()
