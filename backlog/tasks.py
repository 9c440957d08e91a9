"""Entry points for workers: read the clock, call operations, nothing more."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Final

from celery import shared_task
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from backlog.delivery import mail, message_drafts, personal_copies, refusals, webhooks
from backlog.delivery.message_drafts import Draft
from backlog.dispatch import clock, pipeline
from backlog.dispatch.clock import Clock
from backlog.dispatch.recording import insist
from backlog.errors import Unwritable
from backlog.models import PrivacyRequest, Product
from backlog.operations import (
    drift,
    endpoints,
    idempotency_keys,
    mail_domains,
    notice_composition,
    notices,
    privacy_requests,
    retention,
    scores,
    webhook_deliveries,
)
from backlog.operations.isolation import isolated

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
    limits = mail_domains.Limits(settings.EMAIL_PER_MINUTE, settings.EMAIL_PER_MINUTE_AND_DOMAIN)
    quiet = settings.QUIET_HOURS
    with mail.Sender() as sender:
        while monotonic() < ends:
            now = clock.shared()
            claims = notices.claim_notices(by=None, at=now(), limits=limits, quiet=quiet)
            if claims and not _send(claims, sender, now):
                return
            if not claims and not notice_composition.compose_notices(
                by=None, at=now(), quiet=quiet
            ):
                return
    nudge()


def _send(claims: Sequence[notices.Claim], sender: mail.Sender, now: Clock) -> bool:
    """False if there is no server to talk to. What was not tried is put back."""
    patience, until, token = _Patience(), claims[0].until, claims[0].token
    written = message_drafts.of([it.notice for it in claims])
    tries = refusals.ours_told_apart(_try_each(claims, written, sender, patience, now))
    with closing(
        pipeline.groups(tries, enough=TOGETHER, ahead=MEANWHILE, wait=UNRECORDED_FOR)
    ) as groups:
        for group in groups:
            insist(partial(_record, group, at=now()), until=until, now=now)
    put_back = partial(notices.return_claims, lease_token=token, by=None, at=now())
    insist(put_back, until=until, now=now)
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
    written: Mapping[int, Draft],
    sender: mail.Sender,
    patience: _Patience,
    now: Clock,
) -> Iterator[Tried]:
    """Send them one after the other. In a thread of its own: nothing is read or written here."""
    for claim in claims:
        if patience.is_over or now() > claim.until - SLOWEST_MESSAGE:
            return
        if claim.domain in patience.resting:
            continue
        try:
            message = written[claim.notice.pk].write(at=now())
        except Unwritable as fault:
            yield claim, mail.NotSent(fault.failure)
            continue
        failure = None
        try:
            sender.send(message, to=claim.address)
        except mail.NotSent as error:
            failure = error
        patience.learn(claim.domain, failure)
        yield claim, failure


def _record(tried: Sequence[Tried], *, at: datetime) -> None:
    """What became of them, and what it shows of their domains. Twice is as good as once."""
    sent = [claim for claim, failure in tried if failure is None]
    if sent:
        notices.record_sent(
            notice_ids=[claim.notice.pk for claim in sent],
            lease_token=sent[0].token,
            by=None,
            at=at,
        )
    for domain in {claim.domain for claim in sent if claim.failures}:
        mail_domains.reset(domain=domain)
    if any(claim.paused_for for claim in sent):
        mail_domains.reset(domain=mail_domains.CHANNEL)
    for claim, failure in tried:
        if failure is not None:
            _record_failure(claim, failure, at=at)


def _record_failure(claim: notices.Claim, failure: mail.NotSent, *, at: datetime) -> None:
    if isinstance(failure, mail.OurFault):
        _pause(claim, failure, at=at)
        return
    notices.record_failure(
        notice_id=claim.notice.pk,
        lease_token=claim.token,
        failure=str(failure),
        is_permanent=failure.is_permanent,
        judged_as=failure.meaning or "",
        by=None,
        at=at,
    )
    if claim.paused_for and failure.meaning:
        mail_domains.reset(
            domain=mail_domains.CHANNEL
        )  # It is refused for another reason than all were.
    if failure.is_of_domain:
        mail_domains.back_off(
            domain=claim.domain, failures=claim.failures, failure=str(failure), at=at
        )
    elif isinstance(failure, mail.Unreachable):
        logger.warning("No mail can be sent: %s", failure)
    elif claim.failures:
        mail_domains.reset(domain=claim.domain)  # It speaks to us again.


def _pause(claim: notices.Claim, failure: mail.OurFault, *, at: datetime) -> None:
    """All mail waits; several messages that show the same count once."""
    said = str(failure)
    notices.put_off(claim=claim, failure=said, judged_as=failure.meaning or "", by=None, at=at)
    if mail_domains.back_off(
        domain=mail_domains.CHANNEL, failures=claim.pauses, failure=said, at=at
    ):
        logger.warning("Our own mail server or sender is refused, all mail waits: %s", said)


@shared_task(name="backlog.tell_endpoints")
def tell_endpoints() -> None:
    """Tell other tools what they are owed, one endpoint after the other."""
    ends = monotonic() + RUN
    while monotonic() < ends:
        now = clock.shared()
        claimed = webhook_deliveries.claim(at=now())
        if claimed is None:
            return
        _tell(claimed, now)
        give_back = partial(webhook_deliveries.give_back, claimed=claimed)
        insist(give_back, until=claimed.until, now=now)


def _tell(claimed: webhook_deliveries.Claim, now: Clock) -> None:
    """The oldest first, until the endpoint can take no more for now."""
    for delivery in claimed.deliveries:
        at = now()
        if at > claimed.until - SLOWEST_MESSAGE:
            return
        failure = webhooks.tell(
            claimed.endpoint,
            delivery.event,
            webhook_id=webhook_deliveries.webhook_id(delivery),
            keys=endpoints.keys_of(claimed.endpoint, at=at),
            at=at,
        )
        record = partial(
            webhook_deliveries.record,
            delivery_id=delivery.pk,
            claimed=claimed,
            failure=failure,
            at=now(),
        )
        if not insist(record, until=claimed.until, now=now):
            return


@shared_task(name="backlog.score_stale_requests")
def score_stale_requests() -> None:
    """Score again what changes elsewhere have made stale, and say where ranks drift."""
    ends = monotonic() + RUN
    last: int | None = 0
    while monotonic() < ends and last is not None:
        last = scores.score_stale(after=last, limit=200, at=timezone.now())
    for product_id in list(Product.objects.order_by("pk").values_list("pk", flat=True)):
        with isolated("Where ranks of product %s drift cannot be told", product_id):
            drift.refresh_drift(product_id=product_id, at=timezone.now())


@shared_task(name="backlog.forget_idempotency_keys")
def forget_idempotency_keys() -> None:
    """Answers are kept for a day."""
    while idempotency_keys.forget_old(at=timezone.now()):
        pass


@shared_task(name="backlog.send_personal_copies")
def send_personal_copies() -> None:
    """Tell people where the copy is that they asked for; it is closed when the mail has left."""
    with mail.Sender() as sender:
        for wish in privacy_requests.copies_to_mail():
            _send_copy(wish, sender)


def _send_copy(wish: PrivacyRequest, sender: mail.Sender) -> None:
    at = timezone.now()
    address = privacy_requests.address_for_copy(wish)
    if address is None:
        privacy_requests.note_attempt(request_id=wish.pk, by=None, at=at)
        return
    try:
        sender.send(personal_copies.letter(wish, at=at), to=address)
    except mail.NotSent as failure:
        logger.warning("Copy %s was not sent: %s", wish.pk, type(failure).__name__)
        privacy_requests.note_attempt(request_id=wish.pk, by=None, at=at)
    else:
        privacy_requests.close(
            request_id=wish.pk, status=PrivacyRequest.Status.DONE, by=None, at=at
        )


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
