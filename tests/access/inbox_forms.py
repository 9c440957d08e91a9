"""What the forms of the inbox are sent, for words that wait in it."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from backlog.models import CustomerRequest, Product
from backlog.queries import feedback_triage
from tests.access.world import Rows
from tests.factories import backlog

Body = dict[str, Any]


def new_words(rows: Rows) -> Body:
    said = backlog.FeedbackFactory.create(product=rows[Product])
    return {"feedback": said.pk, "excerpt": "", "importance": 1}


def _put_away(rows: Rows) -> Body:
    said = backlog.FeedbackFactory.create(product=rows[Product], done_as="spam")
    return {"feedback": said.pk}


def _triager() -> str:
    found = feedback_triage.triagers().first()
    assert found is not None
    return found.email


FORMS: dict[str, Callable[[Rows, Client], Body]] = {
    "backlog:triage-link": lambda rows, client: {
        **new_words(rows),
        "request": rows[CustomerRequest].key,
    },
    "backlog:triage-dismiss": lambda rows, client: {
        **new_words(rows),
        "dismissed": f"{rows[CustomerRequest].key}:0.4",
    },
    "backlog:triage-open": lambda rows, client: {
        **new_words(rows),
        "title": "Pay",
        "product": rows[Product].prefix,
    },
    "backlog:triage-put-away": lambda rows, client: {**new_words(rows), "done_as": "spam"},
    "backlog:triage-snooze": lambda rows, client: {**new_words(rows), "until": "week"},
    "backlog:triage-give": lambda rows, client: {**new_words(rows), "to": _triager()},
    "backlog:triage-return": lambda rows, client: _put_away(rows),
    "backlog:triage-undo": lambda rows, client: {},
}
