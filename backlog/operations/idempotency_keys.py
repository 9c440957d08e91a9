"""Doing a write once, however often it is asked for.

A key is claimed under a lease in a transaction of its own. The write and its answer then commit
together, so a crash leaves neither, and the next try takes the claim over when the lease is out.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from backlog.errors import KeyReused, LeaseLost, SentAlready, StillWorking
from backlog.models import IdempotencyKey, User

LEASE: Final = timedelta(seconds=60)
KEPT: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Write:
    """One write as its caller names it. `fingerprint` is a digest of the body."""

    user: User
    method: str
    path: str
    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to carry out the write until the lease is out."""

    row_id: int
    token: str


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def claim(*, write: Write, by: User | None, at: datetime) -> Claim | Answer:
    """The right to do it, or what was answered when it was done.

    Raises KeyReused, or StillWorking while the first call runs.
    """
    token = secrets.token_hex(16)
    try:
        with transaction.atomic():
            row = IdempotencyKey.objects.create(
                user=write.user,
                method=write.method,
                path=write.path,
                key=write.key,
                fingerprint=write.fingerprint,
                claimed_at=at,
                lease_until=at + LEASE,
                lease_token=token,
            )
    except IntegrityError:
        return _claimed_before(write, token, at)
    return Claim(row.pk, token)


def _claimed_before(write: Write, token: str, at: datetime) -> Claim | Answer:
    rows = IdempotencyKey.objects.filter(
        user=write.user, method=write.method, path=write.path, key=write.key
    )
    row = rows.first()
    if row is None:  # It ended in a crash and was taken back this very moment.
        raise _still_working(at, at)
    if row.fingerprint != write.fingerprint:
        raise KeyReused
    if row.status is not None:
        return Answer(row.status, row.headers, bytes(row.body))
    # The condition is asked again while the row is locked: of two, one takes it over.
    abandoned = rows.filter(lease_until__lte=at, status__isnull=True)
    if abandoned.update(lease_until=at + LEASE, lease_token=token, claimed_at=at):
        return Claim(row.pk, token)
    raise _still_working(row.lease_until or at, at)


def _still_working(until: datetime, at: datetime) -> StillWorking:
    return StillWorking(
        _("The first of these calls is still running. Ask again in a moment."),
        retry_after=max(1, min(5, int((until - at).total_seconds()))),
    )


def claim_form(*, write: Write, shown_after: int, by: User | None, at: datetime) -> None:
    """Claim what a form does, in the transaction that does it, so that both stand or neither.

    Raises SentAlready when the same was claimed since the form was shown. Of two at once, the
    second waits for the first.
    """
    same = IdempotencyKey.objects.filter(
        user=write.user, method=write.method, path=write.path, key=write.key
    )
    # What the person has seen done, and asks for once more, is meant; the newer claim replaces it.
    same.filter(pk__lte=shown_after).delete()
    try:
        with transaction.atomic():
            IdempotencyKey.objects.create(
                user=write.user,
                method=write.method,
                path=write.path,
                key=write.key,
                fingerprint=write.fingerprint,
                claimed_at=at,
                status=HTTPStatus.SEE_OTHER,
            )
    except IntegrityError as error:
        raise SentAlready(_("You sent this form before. It was done once, not again.")) from error


def keep(*, claim: Claim, answer: Answer, by: User | None, at: datetime) -> None:
    """Store the answer, in the transaction of the write. Raises LeaseLost, which undoes both."""
    is_ours = IdempotencyKey.objects.filter(pk=claim.row_id, lease_token=claim.token).update(
        status=answer.status,
        headers=answer.headers,
        body=answer.body,
        lease_until=None,
        lease_token="",
    )
    if not is_ours:
        raise LeaseLost(_("This took too long and was done by another call. Ask again."))


def give_back(*, claim: Claim, by: User | None, at: datetime) -> None:
    """The write crashed: let the next call try at once."""
    IdempotencyKey.objects.filter(pk=claim.row_id, lease_token=claim.token).delete()


def forget_old(*, by: User | None, at: datetime, limit: int = 5000) -> int:
    """Delete keys of more than a day ago, so many at a time; how many there were."""
    old = IdempotencyKey.objects.filter(claimed_at__lt=at - KEPT).order_by("claimed_at")
    ids = list(old.values_list("pk", flat=True)[:limit])
    IdempotencyKey.objects.filter(pk__in=ids).delete()
    return len(ids)
