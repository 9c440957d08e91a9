"""The company's mail of the past months: written, sent and recorded as a worker would have.

It goes to the local mailbox whatever EMAIL_URL says: nobody is to get mail about a made-up past.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from backlog.auth import origins
from backlog.delivery import mail, mailbox, message_items, message_templates, rendering
from backlog.operations import notice_composition, notices
from backlog.rules.origins import WORKER
from council.demo.world import World

BETWEEN_MESSAGES: Final = timedelta(seconds=2)
SWEEP: Final = timedelta(minutes=15)
NO_SUCH_MAILBOX: Final = "550 5.1.1 No such mailbox here"
LATER: Final = "451 4.7.1 Please try again later"


def send_soon(world: World, at: datetime) -> None:
    """Have a worker find what may be told now, and again what could not be sent at once."""
    world.diary.on(at, partial(_run, _work, world))
    world.diary.on(at + SWEEP, partial(_run, _work, world))


def _run(part: Callable[..., None], *about: Any) -> None:
    """What the worker does is on record as the worker's."""
    with origins.acting(WORKER, process="backlog.deliver_notices"):
        part(*about)


def _work(world: World, at: datetime) -> None:
    """As the worker's task: send what is written, then write more, until nothing is left."""
    claims = notices.claim_notices(by=None, at=at)
    if not claims and not notice_composition.compose_notices(by=None, at=at):
        return
    for claim in claims:
        at += BETWEEN_MESSAGES
        world.diary.on(at, partial(_run, _send, world, claim))
    world.diary.on(at, partial(_run, _work, world))


def _send(world: World, claim: notices.Claim, at: datetime) -> None:
    failure = world.unreachable.get(claim.address, "")
    if failure:
        is_permanent = failure == NO_SUCH_MAILBOX
        if not is_permanent:
            del world.unreachable[claim.address]  # The next attempt gets through.
        notices.record_failure(
            notice_id=claim.notice.pk,
            lease_token=claim.token,
            failure=failure,
            is_permanent=is_permanent,
            by=None,
            at=at,
        )
        return
    items = message_items.items_of_each([claim.notice])[claim.notice.pk]
    message = rendering.render(claim.notice, items, message_templates.load(items), at=at)
    automatic_mail = mail.automatic_mail(message, to=claim.address)
    mailbox.MailboxBackend().send_messages([automatic_mail])
    notices.record_sent(notice_ids=[claim.notice.pk], lease_token=claim.token, by=None, at=at)
