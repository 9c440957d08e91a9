"""What an endpoint is told of an event: signed JSON for tools, a line of text for chats."""

import json
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backlog.delivery import http
from backlog.errors import UNWRITABLE
from backlog.models import Endpoint, Event, Outcome, Reply, RequestStatus, WebhookDelivery
from backlog.models.endpoints import EventKind
from backlog.rules import webhooks

logger = logging.getLogger(__name__)

Message = dict[str, Any]
_ASKS_FOR_PATIENCE: Final = (408, 425, 429)
# Before anything but a space, not only before what completes them: chats drop some characters.
_LOUD: Final = re.compile(r"[@\]<.:~#](?=[^ ])")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an endpoint was not told, in its words or ours.

    `is_general`: another message would fare no better now. `is_final`: none ever will. `wait` is
    how long the endpoint asks us to wait.
    """

    words: str
    is_general: bool = True
    is_final: bool = False
    wait: timedelta | None = None


def tell(
    endpoint: Endpoint, event: Event, *, webhook_id: str, keys: Sequence[bytes], at: datetime
) -> Failure | None:
    """Tell it once of this event; None if it took it. Whatever goes wrong is a failure."""
    try:
        body = body_of(event, endpoint)
    except Exception as error:
        # An event of an older version, or text that cannot be sent: the fault of this one alone.
        logger.exception("Event %s cannot be told to endpoint %s", event.pk, endpoint.pk)
        return Failure(f"{UNWRITABLE} {type(error).__name__}: {error}", is_general=False)
    return call(endpoint, body, webhook_id=webhook_id, keys=keys, at=at)


def call(
    endpoint: Endpoint, body: bytes, *, webhook_id: str, keys: Sequence[bytes], at: datetime
) -> Failure | None:
    """Tell it once, signed with these keys; None if it took it."""
    headers = webhooks.headers(webhook_id=webhook_id, body=body, keys=keys, at=at)
    try:
        answer = http.post(endpoint.url, body, headers)
    except (http.BadAddress, http.Unreachable) as error:
        return Failure(str(error))
    if answer.is_yes:
        return None
    return Failure(
        f"{answer.status} {answer.text}".strip(),
        is_general=answer.status >= 500 or answer.status in _ASKS_FOR_PATIENCE,
        is_final=answer.status == HTTPStatus.GONE,
        wait=answer.wait,
    )


def body_of(event: Event, endpoint: Endpoint) -> bytes:
    """What is posted: ids and codes, and a request's title. No customer's words or name leave."""
    if endpoint.form == Endpoint.Form.STANDARD:
        return _bytes(_standard(event))
    with translation.override(endpoint.language):
        return _bytes(_CHATS[Endpoint.Form(endpoint.form)](_line(event), _address(event)))


def _bytes(message: Message) -> bytes:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def _standard(event: Event) -> Message:
    request = event.request
    return {
        "type": event.kind,
        "timestamp": event.at.isoformat(),
        "data": {
            **event.data,
            "event": event.pk,
            "way": event.way,
            "subject": {"type": event.subject_type, "id": event.subject_id},
            "request": {"id": request.pk, "key": request.key} if request else None,
        },
    }


def _quiet(words: str) -> str:
    """The words as they are, in one line that calls nobody and holds no link.

    Slack, Mattermost and Teams read three dialects, and none has an escape that the others would
    not show. What makes a mention or a link in any of them is parted by a space without width.
    """
    return _LOUD.sub("\\g<0>\N{ZERO WIDTH SPACE}", " ".join(words.split()))


def _slack(words: str, address: str) -> Message:
    safe = _quiet(words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {"text": f"{safe}\n{address}"}


def _teams(words: str, address: str) -> Message:
    card = {
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "TextBlock", "text": _quiet(words), "wrap": True}],
        "actions": [{"type": "Action.OpenUrl", "title": settings.SITE_NAME, "url": address}],
    }
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "content": card}]}


_CHATS: Final[dict[Endpoint.Form, Callable[[str, str], Message]]] = {
    Endpoint.Form.SLACK: _slack,
    Endpoint.Form.TEAMS: _teams,
}


def _line(event: Event) -> str:
    """“PAY-12 Remember the card: It is on record what became of a request (delivered)”."""
    if event.kind not in EventKind:
        return _("A test message of %(site)s.") % {"site": settings.SITE_NAME}
    what = str(EventKind(event.kind).label)
    detail = _detail(event)
    if detail:
        what = f"{what} ({detail})"
    return f"{event.request.key} {event.request.title}: {what}" if event.request else what


def _detail(event: Event) -> str:
    told = event.data
    match event.kind:
        case EventKind.STATUS_CHANGED:
            return str(RequestStatus(told["to"]).label)
        case EventKind.OUTCOME_RECORDED:
            return str(Outcome.Result(told["result"]).label)
        case EventKind.REPLY_RECEIVED:
            return str(Reply.Verdict(told["verdict"]).label)
        case EventKind.OUTCOME_ANNOUNCED:
            count = told["customers"]
            return ngettext("%(count)d customer", "%(count)d customers", count) % {"count": count}
        case _:
            return ""


def _address(event: Event) -> str:
    return settings.SITE_URL + (f"/requests/{event.request.key}/" if event.request else "/")


def webhook_id(delivery: WebhookDelivery) -> str:
    """By which the receiver knows a repeat; not to be guessed by others."""
    proof = salted_hmac("backlog.delivery", str(delivery.pk), algorithm="sha256").hexdigest()[:12]
    return f"msg_{delivery.pk}_{proof}"
