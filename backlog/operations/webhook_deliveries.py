"""Telling other tools what they are owed: handed to workers, recorded, told again.

A worker takes an endpoint by a lease and has it to itself, so that an endpoint that hangs holds up
no other. What a dead worker had in its hands is sent again, with the same id.

Lock order: endpoint, delivery.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import OuterRef, QuerySet
from django.utils.translation import gettext as _

from backlog.delivery import webhooks
from backlog.errors import OnItsWay, SwitchedOff
from backlog.models import Endpoint, User, WebhookDelivery
from backlog.operations import endpoints, events
from backlog.rules import webhooks as ladder

TEST: Final = "endpoint.tested"
LEASE: Final = timedelta(minutes=5)
BATCH: Final = 20


@dataclass(frozen=True, slots=True)
class Claim:
    """What this worker alone may tell one endpoint until its lease runs out, the oldest first."""

    endpoint: Endpoint
    deliveries: Sequence[WebhookDelivery]
    token: str
    until: datetime


def claim(
    *, by: User | None, at: datetime, limit: int = BATCH, lease: timedelta = LEASE
) -> Claim | None:
    """Take one endpoint with what is due there; None if nothing is due anywhere.

    Who has waited longest comes first.
    """
    due = WebhookDelivery.objects.due(at=at).filter(endpoint=OuterRef("pk"))
    for _race in range(10):  # Each time another worker is quicker, look again.
        waiting = Endpoint.objects.free(at=at).annotate(
            first=due.order_by("not_before").values("not_before")[:1]
        )
        endpoint_id = (
            waiting.exclude(first=None).order_by("first", "pk").values_list("pk", flat=True).first()
        )
        if endpoint_id is None:
            return None
        token = secrets.token_hex(16)
        mine = Endpoint.objects.free(at=at).filter(pk=endpoint_id)
        if mine.update(lease_until=at + lease, lease_token=token):
            rows = WebhookDelivery.objects.due(at=at).filter(endpoint=endpoint_id)
            shown = rows.select_related("event__request", "event__actor")
            endpoint = Endpoint.objects.get(pk=endpoint_id)
            first = list(shown.order_by("not_before", "pk")[:limit])
            return Claim(endpoint, first, token, at + lease)
    return None


def give_back(*, claimed: Claim, by: User | None, at: datetime) -> None:
    """The endpoint is free for other workers."""
    _held(claimed).update(lease_until=None, lease_token="")


@transaction.atomic
def record(
    *,
    delivery_id: int,
    claimed: Claim,
    failure: webhooks.Failure | None,
    by: User | None,
    at: datetime,
) -> bool:
    """What became of telling it; says whether this worker may tell the endpoint the next.

    What the endpoint did not take is tried again as the ladder says, or given up. If another
    message would fare no better, the endpoint is left alone as long; it is switched off when it
    says that it is gone, or has taken nothing for days. Nothing is recorded if the lease was lost
    meanwhile: another worker tells it.
    """
    endpoint = _held(claimed).select_for_update(no_key=True).first()
    if endpoint is None:
        return False
    if failure is None:
        WebhookDelivery.objects.filter(
            pk=delivery_id, status=WebhookDelivery.Status.WAITING
        ).update(status=WebhookDelivery.Status.DELIVERED, delivered_at=at, failure="")
        _held(claimed).exclude(failing_since=None).update(**endpoints.WORKING)
        return endpoint.is_active
    words = failure.words.replace("\x00", "")[:300]
    _try_later(delivery_id, words, asked=failure.wait, at=at)
    _show(endpoint, failure, words, at=at)
    return endpoint.is_active and not failure.is_general


def _show(endpoint: Endpoint, failure: webhooks.Failure, words: str, *, at: datetime) -> None:
    endpoint.failing_since = endpoint.failing_since or at
    endpoint.failure = words
    if failure.is_general:
        endpoint.failures += 1
        wait = ladder.wait_after(endpoint.failures, asked=failure.wait)
        endpoint.rests_until = at + (wait or ladder.LADDER[-1])
    has_only_failed = at - endpoint.failing_since >= ladder.GIVE_UP_AFTER
    is_given_up = endpoint.is_active and (failure.is_final or has_only_failed)
    if is_given_up:
        endpoint.is_active = False
        events.record("endpoint.switched_off", subject=endpoint, by=None, at=at)
    endpoint.save(
        update_fields=["failures", "failing_since", "failure", "rests_until", "is_active"]
    )


def _try_later(delivery_id: int, failure: str, *, asked: timedelta | None, at: datetime) -> None:
    delivery = WebhookDelivery.objects.select_for_update(no_key=True).get(pk=delivery_id)
    delivery.attempts += 1
    delivery.failure = failure
    wait = ladder.wait_after(delivery.attempts, asked=asked)
    if wait is None:
        delivery.status = WebhookDelivery.Status.GIVEN_UP
    else:
        delivery.not_before = at + wait
    delivery.save(update_fields=["attempts", "failure", "status", "not_before"])


@transaction.atomic
def retry_delivery(*, delivery_id: int, by: User | None, at: datetime) -> WebhookDelivery:
    """Tell it again now, with the same id; also what arrived.

    Refused while it waits, and where the endpoint is switched off.
    """
    _wake(Endpoint.objects.filter(deliveries=delivery_id), at=at)
    delivery = WebhookDelivery.objects.select_for_update(no_key=True).get(pk=delivery_id)
    if delivery.status == WebhookDelivery.Status.WAITING:
        raise OnItsWay(_("It is on its way already."))
    _again(WebhookDelivery.objects.filter(pk=delivery_id), at=at)
    events.record("webhook_delivery.retried", subject=delivery, by=by, at=at)
    delivery.refresh_from_db()
    return delivery


@transaction.atomic
def send_test(*, endpoint_id: int, by: User | None, at: datetime) -> WebhookDelivery:
    """Tell the endpoint at once that this is a test, by the way that everything takes.

    Refused for one that is switched off.
    """
    endpoint = _wake(Endpoint.objects.filter(pk=endpoint_id), at=at)
    event = events.record(TEST, subject=endpoint, by=by, at=at)
    return WebhookDelivery.objects.create(endpoint=endpoint, event=event, owed_at=at, not_before=at)


@transaction.atomic
def replay(*, endpoint_id: int, since: datetime, by: User | None, at: datetime) -> int:
    """Tell the endpoint again, with the same ids, all that it was owed since then; says how many.

    For a receiver that lost what it was told. Refused for one that is switched off.
    """
    endpoint = _wake(Endpoint.objects.filter(pk=endpoint_id), at=at)
    owed = WebhookDelivery.objects.filter(endpoint=endpoint, owed_at__gte=since)
    count = _again(owed.exclude(status=WebhookDelivery.Status.WAITING), at=at)
    data = {"since": since.isoformat(), "deliveries": count}
    events.record("endpoint.replayed", subject=endpoint, by=by, at=at, data=data)
    return count


def _wake(one: "QuerySet[Endpoint]", *, at: datetime) -> Endpoint:
    """The endpoint, locked, and left alone no longer."""
    endpoint = one.select_for_update(no_key=True, of=("self",)).get()
    if not endpoint.is_active:
        raise SwitchedOff(_("It is switched off: it is told nothing."))
    Endpoint.objects.filter(pk=endpoint.pk, rests_until__gt=at).update(rests_until=at)
    return endpoint


def _again(rows: "QuerySet[WebhookDelivery]", *, at: datetime) -> int:
    return rows.update(
        status=WebhookDelivery.Status.WAITING, not_before=at, attempts=0, delivered_at=None
    )


def _held(claimed: Claim) -> "QuerySet[Endpoint]":
    return Endpoint.objects.filter(pk=claimed.endpoint.pk, lease_token=claimed.token)
