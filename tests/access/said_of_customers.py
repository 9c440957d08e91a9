"""What is sent to the routes that merge customers; see `test_sent_twice`."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.utils import timezone

from backlog.models import Customer
from backlog.operations import customer_merges
from tests.access.world import Rows
from tests.factories import backlog

REASON = {"reason": "Asked."}


def merged(rows: Rows) -> dict[str, Any]:
    """The customer at hand is merged already."""
    customer_merges.merge_customer(
        customer_id=rows[Customer].pk,
        into_id=backlog.CustomerFactory.create().pk,
        reason="The same.",
        by=None,
        at=timezone.now(),
    )
    return {}


def _another(rows: Rows) -> dict[str, Any]:
    return {"into": backlog.CustomerFactory.create().pk, **REASON}


BODIES: dict[str, Callable[[Rows], dict[str, Any]]] = {
    "customer-merge": _another,
    "customer-unmerge": lambda rows: {**merged(rows), **REASON},
}
FORMS: dict[str, Callable[[Rows, Client], dict[str, Any]]] = {
    "backlog:merge-customer-into": lambda rows, client: _another(rows),
    "backlog:merge-customer-dismiss": lambda rows, client: {
        "other": backlog.CustomerFactory.create().pk
    },
    "backlog:unmerge-customer": lambda rows, client: {**merged(rows), **REASON},
}
