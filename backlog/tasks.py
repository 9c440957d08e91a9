"""Entry points for workers: read the clock, call operations, nothing more."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from itertools import chain
from time import monotonic
from typing import Final

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from backlog.delivery import mail, rendering, stories, wording
from backlog.models import Product
from backlog.operations import idempotency, notices, scoring

logger = logging.getLogger(__name__)

RUN: Final = 60.0  # seconds; then other work may go first
# No server is so slow with one message: none leaves under a lease that has run out.
SLOWEST_MESSAGE: Final = timedelta(minutes=2)


@shared_task(name="backlog.deliver_notices")
def deliver_notices() -> None:
    """Tell everybody who may be told. What is written goes first; then more is written."""
    ends = monotonic() + RUN
    with mail.Sender() as sender:
        while monotonic() < ends:
            claims = notices.claim_notices(by=None, at=timezone.now())
            if claims and not _send(claims, sender):
                return
            if not claims and not notices.compose_notices(by=None, at=timezone.now()):
                return
    nudge()


def _send(claims: Sequence[notices.Claim], sender: mail.Sender) -> bool:
    """False if there is no server to talk to. What was not tried is put back."""
    told = stories.stories_of([claim.notice for claim in claims])
    words = wording.load(chain.from_iterable(told.values()))
    is_reachable = True
    for claim in claims:
        if not is_reachable or timezone.now() > claim.until - SLOWEST_MESSAGE:
            break
        message = rendering.render(claim.notice, told[claim.notice.pk], words, at=timezone.now())
        is_reachable = _send_one(claim, message, sender)
    notices.return_claims(lease_token=claims[0].token, by=None, at=timezone.now())
    return is_reachable


def _send_one(claim: notices.Claim, message: rendering.Message, sender: mail.Sender) -> bool:
    try:
        sender.send(message, to=claim.address)
    except mail.NotSent as failure:
        notices.record_failure(
            notice_id=claim.notice.pk,
            lease_token=claim.token,
            failure=str(failure),
            is_permanent=failure.is_permanent,
            by=None,
            at=timezone.now(),
        )
        if isinstance(failure, mail.Unreachable):
            logger.warning("No mail can be sent: %s", failure)
            return False
    else:
        notices.record_sent(
            notice_id=claim.notice.pk, lease_token=claim.token, by=None, at=timezone.now()
        )
    return True


@shared_task(name="backlog.score_stale_requests")
def score_stale_requests() -> None:
    """Score again what changes elsewhere have made stale, and say where ranks drift."""
    ends = monotonic() + RUN
    while monotonic() < ends and scoring.score_stale(limit=200, at=timezone.now()):
        pass
    for product_id in Product.objects.order_by("pk").values_list("pk", flat=True):
        scoring.refresh_drift(product_id=product_id, at=timezone.now())


@shared_task(name="backlog.forget_idempotency_keys")
def forget_idempotency_keys() -> None:
    """Answers are kept for a day."""
    while idempotency.forget_old(at=timezone.now()):
        pass


def nudge() -> None:
    """Have what is owed delivered now rather than at the next sweep; many nudges become one.

    Called by edges as `transaction.on_commit(tasks.nudge, robust=True)`: a broker that is down
    loses the nudge, and beat comes anyway.
    """
    if cache.add("backlog.deliver_notices", "nudged", timeout=2):
        deliver_notices.delay()
