"""Entry points for workers: read the clock, call dispatch or operations, nothing more."""

from smtplib import SMTPException
from time import monotonic
from typing import Any, Final

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from backlog.dispatch import mail, password_links, personal_copies, webhooks
from backlog.operations import (
    drift,
    idempotency_keys,
    import_runs,
    owed_files,
    retention,
    scores,
    suggestions,
)

RUN: Final = 60.0  # seconds; then other work may go first


@shared_task(name="backlog.deliver_notices")
def deliver_notices() -> None:
    """Tell everybody who may be told; what the time did not suffice for goes with the next."""
    if mail.send_notices(until=monotonic() + RUN):
        nudge()


@shared_task(name="backlog.tell_endpoints")
def tell_endpoints() -> None:
    """Tell other tools what they are owed."""
    webhooks.send_deliveries(until=monotonic() + RUN)


@shared_task(name="backlog.send_personal_copies")
def send_personal_copies() -> None:
    """Tell people where the copy is that they asked for."""
    personal_copies.send_copies()


@shared_task(name="backlog.score_stale_requests")
def score_stale_requests() -> None:
    """Score again what changes elsewhere have made stale, and say where ranks drift."""
    ends = monotonic() + RUN
    last: int | None = 0
    while monotonic() < ends and last is not None:
        last = scores.score_stale(after=last, limit=200, by=None, at=timezone.now())
    drift.refresh_every_board(by=None, at=timezone.now())


@shared_task(name="backlog.forget_idempotency_keys")
def forget_idempotency_keys() -> None:
    """Answers are kept for a day."""
    while idempotency_keys.forget_old(by=None, at=timezone.now()):
        pass


@shared_task(name="backlog.expire_suggestions")
def expire_suggestions() -> None:
    """What was decided otherwise meanwhile waits for nobody."""
    suggestions.expire_moot(by=None, at=timezone.now())


@shared_task(name="backlog.close_abandoned_imports")
def close_abandoned_imports() -> None:
    """Imports whose process was killed: their books say how far they came."""
    import_runs.close_abandoned(by=None, at=timezone.now())


@shared_task(name="backlog.delete_owed_files")
def delete_owed_files() -> None:
    """Files of people who were erased, if they could not be deleted at once."""
    owed_files.delete(by=None, at=timezone.now())


@shared_task(name="backlog.erase_expired_words")
def erase_expired_words() -> None:
    """Erase what sources have kept for long enough; what is left goes with the next run."""
    ends = monotonic() + RUN
    for _erased in retention.sweep(by=None, at=timezone.now()):
        if monotonic() > ends:
            return


# A mail server that is away is asked again; who waits for longer asks for another link.
_AGAIN: Final[dict[str, Any]] = {
    "autoretry_for": (OSError, SMTPException),
    "max_retries": 5,
    "retry_backoff": 20,
}


@shared_task(name="backlog.send_forgotten_password", **_AGAIN)
def send_forgotten_password(email: str) -> None:
    """Answer a forgotten password: in the worker, so that no answer tells who has an account."""
    password_links.send_forgotten(email)


@shared_task(name="backlog.send_invitation", **_AGAIN)
def send_invitation(user_id: int) -> None:
    """Tell a new colleague how to come in."""
    password_links.send_invitation(user_id)


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
