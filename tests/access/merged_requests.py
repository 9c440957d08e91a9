"""What is sent to the routes that merge requests; see `test_sent_twice`."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.utils import timezone

from backlog.models import Commitment, CustomerRequest, Product
from backlog.operations import merges
from council.models import Ballot
from council.operations import ballots
from tests.access.world import Rows
from tests.factories import backlog

REASON = {"reason": "Asked."}


def same_as(rows: Rows) -> str:
    """The key of a request that says the same; nothing keeps the one at hand from being merged."""
    Commitment.objects.filter(request=rows[CustomerRequest]).update(withdrawn_at=timezone.now())
    for ballot in Ballot.objects.open().filter(agenda_item__request=rows[CustomerRequest]):
        ballots.withdraw_ballot(ballot_id=ballot.pk, reason="Asked.", by=None, at=timezone.now())
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


BODIES: dict[str, Callable[[Rows], dict[str, Any]]] = {
    "request-merge": lambda rows: {"into": same_as(rows), **REASON},
    "request-unmerge": lambda rows: {**merged(rows), **REASON},
}
FORMS: dict[str, Callable[[Rows, Client], dict[str, Any]]] = {
    "council:merge-into": lambda rows, client: {"into": same_as(rows), **REASON},
    "council:unmerge": lambda rows, client: {**merged(rows), **REASON},
}
