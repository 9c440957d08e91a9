"""Writing messages: one for each customer who may be told something, with all they may hear.

Lock order: obligation, notice; several of a kind by their id.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, tzinfo
from typing import Any, NamedTuple, TypeAlias

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models.functions import Coalesce

from backlog.db import bulk
from backlog.db.fields import clock_of
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
from backlog.operations import obligations
from backlog.queries import reachability
from backlog.rules import addresses, moments, retries

logger = logging.getLogger(__name__)
Quiet: TypeAlias = moments.QuietHours | None


def compose_notices(
    *,
    by: User | None,
    at: datetime,
    limit: int = 2_000,
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
    _write_apart(sorted(waiting), quiet, by=by, at=at)
    return len(waiting)


def _write_apart(
    customer_ids: Sequence[int], quiet: Quiet, *, by: User | None, at: datetime
) -> None:
    """All together, or else in halves, until who cannot be written to is alone."""
    try:
        return _write(customer_ids, quiet, by=by, at=at)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 -- see below
        # Rows of many people meet here, and what is wrong with one has no other name.
        fault = error
    if len(customer_ids) > 1:
        half = len(customer_ids) // 2
        _write_apart(customer_ids[:half], quiet, by=by, at=at)
        return _write_apart(customer_ids[half:], quiet, by=by, at=at)
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


class _Recipient(NamedTuple):
    """Who is told, with how they wish to be written to, and where to if they may be."""

    pk: int
    language: str
    time_zone: str
    rhythm: str
    point: int | None
    domain: str

    @property
    def clock(self) -> tzinfo:
        return clock_of(self.time_zone)


class _Owed(NamedTuple):
    """What somebody may be told. To whom: of several records of a person, the one of today."""

    pk: int
    customer: int
    turn: int
    released_at: datetime


@transaction.atomic
def _write(customer_ids: Sequence[int], quiet: Quiet, *, by: User | None, at: datetime) -> None:
    """As plain rows: to build instances of a hundred thousand takes longer than to store them."""
    owed = _lock_speakable(customer_ids, by=by, at=at)
    waiting = _lock_postponed(owed.keys(), at)
    new = _recipients(owed.keys() - waiting.keys())
    numbers = bulk.insert_numbered(
        Notice, [_notice(recipient, owed[recipient.pk], at, quiet) for recipient in new]
    )
    on = waiting | dict(zip((recipient.pk for recipient in new), numbers, strict=True))
    items = [
        {"notice_id": on[customer], "obligation_id": each.pk}
        for customer, told in owed.items()
        for each in told
    ]
    bulk.insert(NoticeItem, items)


def _notice(
    recipient: _Recipient, told: Sequence[_Owed], at: datetime, quiet: Quiet
) -> dict[str, Any]:
    return {
        "customer_id": recipient.pk,
        "nature": Notice.Nature.ANSWER.value,
        "template": "outcome",
        "language": recipient.language,
        "contact_point_id": recipient.point,
        "domain": recipient.domain,
        "turn": min(each.turn for each in told),
        "dedupe_key": _key(told[0]),
        "created_at": at,
        "waits_for": Notice.Wait.NONE.value,
        **_when(recipient, at, quiet),
    }


def _recipients(customer_ids: Collection[int]) -> list[_Recipient]:
    """In the order of their ids."""
    customers = Customer.objects.filter(pk__among=list(customer_ids))
    judged = reachability.with_reachability(customers).order_by("pk")
    found = list(judged.values_list("pk", "language", "time_zone", "rhythm", "point_id", "why"))
    reached = {pk: point for pk, *_wishes, point, why in found if not why}
    points = ContactPoint.objects.filter(pk__among=list(reached.values()))
    domains = {pk: addresses.domain_of(each) for pk, each in points.values_list("pk", "address")}
    return [
        _Recipient(pk, language, zone, rhythm, reached.get(pk), domains.get(reached.get(pk, 0), ""))
        for pk, language, zone, rhythm, _point, _why in found
    ]


def _key(first: _Owed) -> str:
    """Of one release: what is announced again after it was cancelled is written again."""
    return f"obligation:{first.pk}@{first.released_at:%Y%m%dT%H%M%S.%f}"


def _lock_postponed(customer_ids: Collection[int], at: datetime) -> dict[int, int]:
    """By customer the message that waits for a better moment: nobody sends it meanwhile."""
    locked = _postponed(customer_ids, at).select_for_update(no_key=True)
    return dict(locked.values_list("customer", "pk"))


def _postponed(customer_ids: Collection[int], at: datetime) -> NoticeQuerySet:
    postponed = Notice.objects.postponed(at=at)
    return postponed.filter(customer__pk__among=list(customer_ids)).order_by("pk")


def _when(customer: "Customer | _Recipient", at: datetime, quiet: Quiet) -> dict[str, Any]:
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
    for notice in _postponed([customer.pk], at).select_for_update(no_key=True):
        when = {"waits_for": Notice.Wait.NONE, **_when(customer, at, None)}
        notice.not_before, notice.waits_for = when["not_before"], when["waits_for"]
        notice.save(update_fields=["not_before", "waits_for"])


def _lock_speakable(
    customer_ids: Collection[int], *, by: User | None, at: datetime
) -> dict[int, list[_Owed]]:
    """By person, with all their records: what one of them has heard is not told to another."""
    others = _other_records(customer_ids)
    locked = _lock_owed({*customer_ids, *others})
    if others:
        obligations.settle_heard(locked, by=by, at=at)
    # Locked first, then asked again: who waited for the lock sees what the other worker wrote.
    speakable = Obligation.objects.speakable().filter(pk__among=locked).order_by("pk")
    by_customer: dict[int, list[_Owed]] = defaultdict(list)
    for row in speakable.values_list("pk", Obligation.PERSON, "turn", "released_at"):
        owed = _Owed(*row)
        by_customer[owed.customer].append(owed)
    return by_customer


def _other_records(customer_ids: Collection[int]) -> set[int]:
    """Those of the same persons, where there are several."""
    ids = list(customer_ids)
    merged = Customer.objects.filter(pk__among=ids, merged_into__isnull=False)
    people = set(merged.values_list("merged_into", flat=True))
    same = Customer.objects.filter(merged_into__pk__among=[*ids, *people])
    return {pk for pk in people if pk is not None} | set(same.values_list("pk", flat=True))


def _lock_owed(customer_ids: Collection[int]) -> list[int]:
    owed = Obligation.objects.filter(
        customer__pk__among=list(customer_ids),
        status=Obligation.Status.OWED,
        released_at__isnull=False,
    )
    return list(owed.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
