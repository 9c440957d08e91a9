"""What is sent to the routes of requests; see `test_sent_twice`."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.utils import timezone

from backlog.models import Commitment, CustomerRequest, Department, Product
from backlog.operations import merges
from council.models import Ballot
from tests.access import said_of_customers
from tests.access.said_of_customers import REASON
from tests.access.world import Rows
from tests.factories import backlog


def same_as(rows: Rows) -> str:
    """The key of a request that says the same; nothing keeps the one at hand from being merged."""
    Commitment.objects.filter(request=rows[CustomerRequest]).update(withdrawn_at=timezone.now())
    Ballot.objects.open().update(status=Ballot.Status.WITHDRAWN, ended_at=timezone.now())
    return str(backlog.RequestFactory.create(product=rows[Product]).key)


def merged(rows: Rows) -> dict[str, Any]:
    """The request at hand is merged already."""
    survivor = CustomerRequest.objects.get(key=same_as(rows))
    merges.merge_request(
        request_id=rows[CustomerRequest].pk,
        into_id=survivor.pk,
        reason="The same.",
        by=None,
        at=timezone.now(),
    )
    return {}


def _to_sort(rows: Rows) -> dict[str, Any]:
    """What a board is shown as of which the order is to change."""
    product, asked = rows[Product], rows[CustomerRequest]
    asked.rank = "a5"
    CustomerRequest.objects.filter(pk=asked.pk).update(priority=10, rank=asked.rank)
    backlog.RequestFactory.create(product=product, priority=90, rank="z" + 26 * "5")
    return {"board_version": product.board_version, "reason": "The law."}


BODIES: dict[str, Callable[[Rows], dict[str, Any]]] = {
    "request-list": lambda rows: {"product": "OPEN", "title": "Pay", "problem": "Slow."},
    "request-move-several": lambda rows: {"requests": [rows[CustomerRequest].key], "place": 1},
    "view-list": lambda rows: {"product": rows[Product].prefix, "name": "Fresh"},
    "request-sort": lambda rows: {"product": rows[Product].prefix},
    "request-edit-several": lambda rows: {
        "requests": [{"request": rows[CustomerRequest].key}],
        "review_on": "2026-06-01",
    },
    "request-transition": lambda rows: {"status": "approved", **REASON},
    "request-department-steps": lambda rows: {"department": rows[Department].pk, "step": "Ask."},
    "request-merge": lambda rows: {"into": same_as(rows), **REASON},
    "request-unmerge": lambda rows: {**merged(rows), **REASON},
    **said_of_customers.BODIES,
}
FORMS: dict[str, Callable[[Rows, Client], dict[str, Any]]] = {
    "backlog:board-edit": lambda rows, client: {
        "editing": f"{rows[CustomerRequest].number}.{rows[CustomerRequest].version}",
        "owner": rows[CustomerRequest].owner_id or "nobody",
        "review_on": "2026-06-01",
    },
    "backlog:undo-edit": lambda rows, client: {},
    "backlog:save-board-view": lambda rows, client: {"name": "Fresh", "here": "?status=new"},
    "backlog:board-sort": lambda rows, client: _to_sort(rows),
    "council:set-step": lambda rows, client: {"department": rows[Department].pk, "step": "Ask."},
    "council:merge-into": lambda rows, client: {"into": same_as(rows), **REASON},
    "council:merge-dismiss": lambda rows, client: {"other": same_as(rows)},
    "council:unmerge": lambda rows, client: {**merged(rows), **REASON},
    **said_of_customers.FORMS,
}
