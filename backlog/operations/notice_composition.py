"""Writing messages: one for each customer who may be told something, with all they may hear.

Lock order: obligation, notice; several of a kind by their id.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models.functions import Coalesce

from backlog.errors import Unwritable
from backlog.models import (
    ContactPoint,
    Customer,
    Language,
    Notice,
    NoticeItem,
    Obligation,
    User,
)
from backlog.models.notices import NoticeQuerySet
from backlog.queries import reachability
from backlog.rules import moments, retries

logger = logging.getLogger(__name__)
Quiet: TypeAlias = moments.QuietHours | None


def compose_notices(
    *,
    by: User | None,
    at: datetime,
    limit: int = 500,
    quiet: Quiet = None,
) -> int:
    """Write one message to each customer who may be told something, `limit` at a time.

    Announcements take turns. At night, and for who wishes to hear less often, a message waits; what
    there is to tell meanwhile is added to it. Returns how many were waiting, whether this worker
    wrote to them or another one did meanwhile: call it until it returns 0. One whose message
    cannot be written is dealt with apart, and holds up nobody else.
    """
    speakable = Obligation.objects.speakable().order_by("turn", "customer_id")
    waiting = set(speakable.values_list("customer_id", flat=True)[:limit])
    _write_apart(sorted(waiting), at, quiet)
    return len(waiting)


def _write_apart(customer_ids: Sequence[int], at: datetime, quiet: Quiet) -> None:
    """All together, or else in halves, until who cannot be written to is alone."""
    try:
        return _write(customer_ids, at, quiet)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 -- see below
        # Rows of many people meet here, and what is wrong with one has no other name.
        fault = error
    if len(customer_ids) > 1:
        half = len(customer_ids) // 2
        _write_apart(customer_ids[:half], at, quiet)
        return _write_apart(customer_ids[half:], at, quiet)
    [customer_id] = customer_ids
    logger.error("The message to customer %s cannot be composed", customer_id, exc_info=fault)
    return _note(customer_id, Unwritable.because(fault), at)


@transaction.atomic
def _note(customer_id: int, fault: Unwritable, at: datetime) -> None:
    """A message that has failed once, so that it is seen, tried again, and at last given up."""
    ids = _lock_owed([customer_id])
    ids = list(Obligation.objects.speakable().filter(pk__in=ids).values_list("pk", flat=True))
    if not ids:
        return
    customer, language = Customer.objects.values_list(
        Coalesce("merged_into_id", "pk"), "language"
    ).get(pk=customer_id)
    notice = Notice.objects.create(
        customer_id=customer,
        nature=Notice.Nature.ANSWER,
        template="outcome",
        language=language if language in Language else settings.LANGUAGE_CODE,
        dedupe_key=f"obligation:{min(ids)}!{at:%Y%m%dT%H%M%S.%f}",
        created_at=at,
        not_before=at + retries.wait_after(1, row=min(ids)),
        attempts=1,
        failure=fault.failure[:300],
    )
    NoticeItem.objects.bulk_create(NoticeItem(notice=notice, obligation_id=pk) for pk in ids)


@transaction.atomic
def _write(customer_ids: Sequence[int], at: datetime, quiet: Quiet) -> None:
    by_customer = _lock_speakable(customer_ids)
    waiting_notices = _lock_postponed(by_customer.keys(), at)
    new = [customer for customer in by_customer if customer.pk not in waiting_notices]
    addresses = reachability.reachability(new)
    notices = Notice.objects.bulk_create(
        Notice(
            customer=customer,
            nature=Notice.Nature.ANSWER,
            template="outcome",
            language=customer.language,
            turn=min(obligation.turn for obligation in by_customer[customer]),
            dedupe_key=_key(by_customer[customer][0]),
            created_at=at,
            **_to(addresses[customer.pk]),
            **_when(customer, at, quiet),
        )
        for customer in new
    )
    on = {**waiting_notices, **{customer.pk: it for customer, it in zip(new, notices, strict=True)}}
    NoticeItem.objects.bulk_create(
        NoticeItem(notice=on[customer.pk], obligation=obligation)
        for customer, told in by_customer.items()
        for obligation in told
    )


def _key(first: Obligation) -> str:
    """Of one release: what is announced again after it was cancelled is written again."""
    return f"obligation:{first.pk}@{first.released_at:%Y%m%dT%H%M%S.%f}"


def _lock_postponed(people: Collection[Customer], at: datetime) -> dict[int, Notice]:
    """Messages to these customers that wait for a better moment: nobody sends them meanwhile."""
    locked = _postponed(people, at).select_for_update(no_key=True)
    return {notice.customer_id: notice for notice in locked if notice.customer_id}


def _postponed(people: Collection[Customer], at: datetime) -> NoticeQuerySet:
    return Notice.objects.postponed(at=at).filter(customer__in=people).order_by("pk")


def _when(customer: Customer, at: datetime, quiet: Quiet) -> dict[str, Any]:
    moment = moments.next_allowed(at, clock=customer.clock, rhythm=customer.rhythm, quiet=quiet)
    if moment <= at:
        return {"not_before": at}
    is_digest = customer.rhythm != Customer.Rhythm.AT_ONCE
    waits_for = Notice.Wait.DIGEST if is_digest else Notice.Wait.QUIET_HOURS
    return {"not_before": moment, "waits_for": waits_for}


def reschedule(customer: Customer, *, by: User | None, at: datetime) -> None:
    """The customer wishes to hear more or less often: what waits for them leaves accordingly.

    At night the dispatcher makes it wait for the morning.
    """
    for notice in _postponed([customer], at).select_for_update(no_key=True):
        when = {"waits_for": Notice.Wait.NONE, **_when(customer, at, None)}
        notice.not_before, notice.waits_for = when["not_before"], when["waits_for"]
        notice.save(update_fields=["not_before", "waits_for"])


def _to(found: ContactPoint | reachability.Reason) -> dict[str, Any]:
    if isinstance(found, ContactPoint):
        return {"contact_point": found, "domain": found.domain}
    return {}


def _lock_speakable(customer_ids: Collection[int]) -> dict[Customer, list[Obligation]]:
    locked = _lock_owed(customer_ids)
    # Locked first, then asked again: who waited for the lock sees what the other worker wrote.
    speakable = Obligation.objects.speakable().filter(pk__in=locked).order_by("pk")
    by_customer: dict[Customer, list[Obligation]] = defaultdict(list)
    for obligation in speakable.select_related("customer__merged_into"):
        customer = obligation.customer
        by_customer[customer.merged_into or customer].append(obligation)
    return by_customer


def _lock_owed(customer_ids: Collection[int]) -> list[int]:
    owed = Obligation.objects.filter(
        customer__in=customer_ids, status=Obligation.Status.OWED, released_at__isnull=False
    )
    return list(owed.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
