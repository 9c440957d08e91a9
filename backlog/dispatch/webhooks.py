"""Tells other tools what they are owed, one endpoint after the other."""

from functools import partial
from time import monotonic

from backlog.delivery import webhooks
from backlog.dispatch import clock, lease
from backlog.dispatch.clock import Clock
from backlog.operations import webhook_deliveries
from backlog.queries import endpoints as endpoint_queries


def send_deliveries(*, until: float) -> None:
    """Send what is due, `until` the monotonic clock says so or nothing is left."""
    while monotonic() < until:
        now = clock.shared()
        claimed = webhook_deliveries.claim(by=None, at=now())
        if claimed is None:
            return
        _tell(claimed, now)
        give_back = partial(webhook_deliveries.give_back, claimed=claimed, by=None, at=now())
        lease.insist(give_back, until=claimed.until, now=now)


def _tell(claimed: webhook_deliveries.Claim, now: Clock) -> None:
    """The oldest first, until the endpoint can take no more for now."""
    for delivery in claimed.deliveries:
        at = now()
        if not lease.allows_another(until=claimed.until, at=at):
            return
        failure = webhooks.tell(
            claimed.endpoint,
            delivery.event,
            webhook_id=webhooks.webhook_id(delivery),
            keys=endpoint_queries.keys_of(claimed.endpoint, at=at),
            at=at,
        )
        record = partial(
            webhook_deliveries.record,
            delivery_id=delivery.pk,
            claimed=claimed,
            failure=failure,
            by=None,
            at=now(),
        )
        if not lease.insist(record, until=claimed.until, now=now):
            return
