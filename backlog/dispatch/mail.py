"""Sends the notices that are due, as fast as limits and servers allow, and records each."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from functools import partial
from time import monotonic
from typing import Final

from django.conf import settings

from backlog.delivery import mail, message_drafts, refusals
from backlog.delivery.message_drafts import Draft
from backlog.dispatch import clock, lease, pipeline
from backlog.dispatch.clock import Clock
from backlog.errors import Unwritable
from backlog.operations import mail_domains, notice_composition, notices
from backlog.queries import mail_domains as mail_domain_queries

logger = logging.getLogger(__name__)

SILENT: Final = 2  # domains in a row without an answer: perhaps it is our own server that hangs
# Messages of one process that may have left and not be on record yet. They are recorded together,
# while the next ones leave; if the process or the database dies, they are the ones repeated.
TOGETHER: Final = 20
MEANWHILE: Final = 10
UNRECORDED: Final = TOGETHER + MEANWHILE
UNRECORDED_FOR: Final = 0.05  # seconds
Tried = tuple[notices.Claim, mail.NotSent | None]


def send_notices(*, until: float) -> bool:
    """Send what is composed, then compose more, `until` the monotonic clock says so.

    True if the time was over first: there may be more. False if nothing is left to send, or no
    server to send it through.
    """
    limits = mail_domain_queries.Limits(
        settings.EMAIL_PER_MINUTE, settings.EMAIL_PER_MINUTE_AND_DOMAIN
    )
    quiet = settings.QUIET_HOURS
    with mail.Sender() as sender:
        while monotonic() < until:
            now = clock.shared()
            claims = notices.claim_notices(by=None, at=now(), limits=limits, quiet=quiet)
            if claims and not _send(claims, sender, now):
                return False
            if not claims and not notice_composition.compose_notices(
                by=None, at=now(), quiet=quiet
            ):
                return False
    return True


def _send(claims: Sequence[notices.Claim], sender: mail.Sender, now: Clock) -> bool:
    """False if there is no server to talk to. What was not tried is put back."""
    patience, until, token = _Patience(), claims[0].until, claims[0].token
    written = message_drafts.of([it.notice for it in claims])
    tries = refusals.ours_told_apart(_try_each(claims, written, sender, patience, now))
    with closing(
        pipeline.groups(tries, enough=TOGETHER, ahead=MEANWHILE, wait=UNRECORDED_FOR)
    ) as groups:
        for group in groups:
            lease.insist(partial(_record, group, at=now()), until=until, now=now)
    put_back = partial(notices.return_claims, lease_token=token, by=None, at=now())
    lease.insist(put_back, until=until, now=now)
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
        if patience.is_over or not lease.allows_another(until=claim.until, at=now()):
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
        mail_domains.reset(domain=domain, by=None, at=at)
    if any(claim.paused_for for claim in sent):
        mail_domains.reset(domain=mail_domains.CHANNEL, by=None, at=at)
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
        # It is refused for another reason than all were.
        mail_domains.reset(domain=mail_domains.CHANNEL, by=None, at=at)
    if failure.is_of_domain:
        mail_domains.back_off(
            domain=claim.domain, failures=claim.failures, failure=str(failure), by=None, at=at
        )
    elif isinstance(failure, mail.Unreachable):
        logger.warning("No mail can be sent: %s", failure)
    elif claim.failures:
        mail_domains.reset(domain=claim.domain, by=None, at=at)  # It speaks to us again.


def _pause(claim: notices.Claim, failure: mail.OurFault, *, at: datetime) -> None:
    """All mail waits; several messages that show the same count once."""
    failure_text = str(failure)
    notices.put_off(
        claim=claim, failure=failure_text, judged_as=failure.meaning or "", by=None, at=at
    )
    if mail_domains.back_off(
        domain=mail_domains.CHANNEL, failures=claim.pauses, failure=failure_text, by=None, at=at
    ):
        logger.warning("Our own mail server or sender is refused, all mail waits: %s", failure_text)
