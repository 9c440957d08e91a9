"""`Idempotency-Key` on POST: the same call again is answered, not done again."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from backlog.api.framework import problems, rendering
from backlog.models import User
from backlog.operations import idempotency_keys

HEADER = "Idempotency-Key"
KEPT_HEADERS = ("ETag", "Location")
Handler = Callable[..., Response]


def once(handler: Handler) -> Handler:
    """The handler of a POST, so that a second call with the same key gets the first one's answer.

    The write and its answer commit together. A refusal is an answer and is kept; a crash is not.
    """

    def handle(request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return handler(request, *args, **kwargs)
        write = _write(request, key)
        claimed = idempotency_keys.claim(write=write, by=write.user, at=timezone.now())
        if isinstance(claimed, idempotency_keys.Answer):
            return _replayed(claimed)
        return _carry_out(claimed, lambda: handler(request, *args, **kwargs))

    return handle


def _write(request: Request, key: str) -> idempotency_keys.Write:
    if not 1 <= len(key) <= 255 or not key.isascii() or not key.isprintable():
        raise exceptions.ParseError(
            _("An Idempotency-Key has 1 to 255 printable ASCII characters."),
            code="idempotency_key_malformed",
        )
    assert isinstance(request.user, User)
    body = json.dumps(request.data, sort_keys=True).encode()
    return idempotency_keys.Write(
        user=request.user,
        method=str(request.method),
        path=request.get_full_path()[:300],
        key=key,
        fingerprint=hashlib.sha256(body).hexdigest(),
    )


def _carry_out(claim: idempotency_keys.Claim, work: Callable[[], Response]) -> Response:
    is_kept = False
    try:
        try:
            with transaction.atomic():
                response = work()
                idempotency_keys.keep(
                    claim=claim, answer=_answer(response), by=None, at=timezone.now()
                )
        except problems.ANSWERED as refusal:
            # What it wrote is undone; that it was refused is kept.
            response = problems.response(refusal)
            idempotency_keys.keep(claim=claim, answer=_answer(response), by=None, at=timezone.now())
        is_kept = True
    finally:
        if not is_kept:
            idempotency_keys.give_back(claim=claim, by=None, at=timezone.now())
    return response


def _answer(response: Response) -> idempotency_keys.Answer:
    kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    kept["Content-Type"] = response.content_type or "application/json"
    body = b"" if response.data is None else rendering.dumps(response.data)
    return idempotency_keys.Answer(response.status_code, kept, body)


def _replayed(answer: idempotency_keys.Answer) -> Response:
    headers = dict(answer.headers)
    content_type = headers.pop("Content-Type")
    return Response(
        json.loads(answer.body) if answer.body else None,
        status=answer.status,
        content_type=content_type,
        headers={**headers, "Idempotency-Replayed": "true"},
    )
