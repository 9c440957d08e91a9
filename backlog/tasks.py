"""Entry points for workers: read the clock, call operations, nothing more."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from itertools import chain
from time import monotonic
from typing import Final

from celery import shared_task
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from backlog.delivery import ahead, copies, mail, rendering, stories, webhooks, wording
from backlog.models import PrivacyRequest, Product
from backlog.operations import (
    composing,
    deliveries,
    endpoints,
    idempotency,
    lanes,
    notices,
    privacy,
    retention,
    scoring,
)

logger = logging.getLogger(__name__)

RUN: Final = 60.0  # seconds; then other work may go first
# No server is so slow with one message: none leaves under a lease that has run out.
SLOWEST_MESSAGE: Final = timedelta(minutes=2)
SILENT: Final = 2  # domains in a row without an answer: perhaps it is our own server that hangs
# Messages of one process that may have left and not be on record yet. They are recorded together,
# while the next ones leave; if the process or the database dies, they are the ones repeated.
TOGETHER: Final = 20
MEANWHILE: Final = 10
UNRECORDED: Final = TOGETHER + MEANWHILE
UNRECORDED_FOR: Final = 0.05  # seconds
Tried = tuple[notices.Claim, mail.NotSent | None]


@shared_task(name="backlog.deliver_notices")
def deliver_notices() -> None:
    """Tell everybody who may be told. What is written goes first; then more is written."""
    ends = monotonic() + RUN
    limits = lanes.Limits(settings.EMAIL_PER_MINUTE, settings.EMAIL_PER_MINUTE_AND_DOMAIN)
    quiet = settings.QUIET_HOURS
    with mail.Sender() as sender:
        while monotonic() < ends:
            claims = notices.claim_notices(by=None, at=timezone.now(), limits=limits, quiet=quiet)
            if claims and not _send(claims, sender):
                return
            if not claims and not _compose():
                return
    nudge()


def _compose() -> int:
    return composing.compose_notices(by=None, at=timezone.now(), quiet=settings.QUIET_HOURS)


def _send(claims: Sequence[notices.Claim], sender: mail.Sender) -> bool:
    """False if there is no server to talk to. What was not tried is put back."""
    told = stories.stories_of([claim.notice for claim in claims])
    words = wording.load(chain.from_iterable(told.values()))
    patience = _Patience()
    tries = _try_each(claims, told, words, sender, patience)
    with closing(
        ahead.groups(tries, enough=TOGETHER, ahead=MEANWHILE, wait=UNRECORDED_FOR)
    ) as groups:
        for group in groups:
            _record(group)
    notices.return_claims(lease_token=claims[0].token, by=None, at=timezone.now())
    return not patience.is_over


class _Patience:
    """Which domains, and at last all of them, are not tried any more with this batch."""

    def __init__(self) -> None:
        self.resting = set[str]()
        self._silent = 0

    @property
    def is_over(self) -> bool:
        return self._silent >= SILENT

    def learn(self, domain: str, failure: mail.NotSent | None) -> None:
        if isinstance(failure, mail.Unreachable):
            self._silent = SILENT
        elif failure and failure.is_of_domain:
            self.resting.add(domain)
            self._silent += failure.is_silent
        else:
            self._silent = 0


def _try_each(
    claims: Sequence[notices.Claim],
    told: dict[int, list[stories.Story]],
    words: wording.Wording,
    sender: mail.Sender,
    patience: _Patience,
) -> Iterator[Tried]:
    """Send them one after the other. In a thread of its own: nothing is read or written here."""
    for claim in claims:
        if patience.is_over or timezone.now() > claim.until - SLOWEST_MESSAGE:
            return
        if claim.domain in patience.resting:
            continue
        message = rendering.render(claim.notice, told[claim.notice.pk], words, at=timezone.now())
        failure = None
        try:
            sender.send(message, to=claim.address)
        except mail.NotSent as error:
            failure = error
        patience.learn(claim.domain, failure)
        yield claim, failure


def _record(tried: Sequence[Tried]) -> None:
    """What became of them, and what it shows of their domains."""
    sent = [claim for claim, failure in tried if failure is None]
    if sent:
        notices.record_sent(
            notice_ids=[claim.notice.pk for claim in sent],
            lease_token=sent[0].token,
            by=None,
            at=timezone.now(),
        )
    for domain in {claim.domain for claim in sent if claim.failures}:
        lanes.wake(domain=domain)
    for claim, failure in tried:
        if failure is not None:
            _record_failure(claim, failure)


def _record_failure(claim: notices.Claim, failure: mail.NotSent) -> None:
    at = timezone.now()
    notices.record_failure(
        notice_id=claim.notice.pk,
        lease_token=claim.token,
        failure=str(failure),
        is_permanent=failure.is_permanent,
        by=None,
        at=at,
    )
    if failure.is_of_domain:
        lanes.rest(domain=claim.domain, failures=claim.failures, failure=str(failure), at=at)
    elif isinstance(failure, mail.Unreachable):
        logger.warning("No mail can be sent: %s", failure)
    elif claim.failures:
        lanes.wake(domain=claim.domain)  # It speaks to us again.


@shared_task(name="backlog.tell_endpoints")
def tell_endpoints() -> None:
    """Tell other tools what they are owed, one endpoint after the other."""
    ends = monotonic() + RUN
    while monotonic() < ends and (claimed := deliveries.claim(at=timezone.now())):
        _tell(claimed)
        deliveries.give_back(claimed=claimed)


def _tell(claimed: deliveries.Claim) -> None:
    """The oldest first, until the endpoint can take no more for now."""
    for delivery in claimed.deliveries:
        at = timezone.now()
        if at > claimed.until - SLOWEST_MESSAGE:
            return
        failure = webhooks.call(
            claimed.endpoint,
            webhooks.body_of(delivery.event, claimed.endpoint),
            webhook_id=deliveries.webhook_id(delivery),
            keys=endpoints.keys_of(claimed.endpoint, at=at),
            at=at,
        )
        goes_on = deliveries.record(
            delivery_id=delivery.pk, claimed=claimed, failure=failure, at=timezone.now()
        )
        if not goes_on:
            return


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


@shared_task(name="backlog.send_personal_copies")
def send_personal_copies() -> None:
    """Tell people where the copy is that they asked for; it is closed when the mail has left."""
    with mail.Sender() as sender:
        for wish in privacy.copies_to_mail():
            _send_copy(wish, sender)


def _send_copy(wish: PrivacyRequest, sender: mail.Sender) -> None:
    at = timezone.now()
    address = privacy.address_for_copy(wish)
    if address is None:
        privacy.note_attempt(request_id=wish.pk, by=None, at=at)
        return
    try:
        sender.send(copies.letter(wish, at=at), to=address)
    except mail.NotSent as failure:
        logger.warning("Copy %s was not sent: %s", wish.pk, type(failure).__name__)
        privacy.note_attempt(request_id=wish.pk, by=None, at=at)
    else:
        privacy.close(request_id=wish.pk, status=PrivacyRequest.Status.DONE, by=None, at=at)


@shared_task(name="backlog.erase_expired_words")
def erase_expired_words() -> None:
    """Erase what sources have kept for long enough; what is left goes with the next run."""
    ends = monotonic() + RUN
    for _erased in retention.sweep(by=None, at=timezone.now()):
        if monotonic() > ends:
            return


def nudge() -> None:
    """Have what is owed delivered now rather than at the next sweep; many nudges become one.

    Called by edges as `transaction.on_commit(tasks.nudge, robust=True)`: a broker that is down
    loses the nudge, and beat comes anyway.
    """
    if cache.add("backlog.deliver_notices", "nudged", timeout=2):
        deliver_notices.delay()


def nudge_endpoints() -> None:
    """As `nudge`, for other tools."""
    if cache.add("backlog.tell_endpoints", "nudged", timeout=2):
        tell_endpoints.delay()


def nudge_copies() -> None:
    """As `nudge`, for copies of people's data."""
    if cache.add("backlog.send_personal_copies", "nudged", timeout=2):
        send_personal_copies.delay()
