"""Writing messages: one for each customer who may be told something, with all they may hear.

Lock order: obligation, notice; several of a kind by their id.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from backlog.models import ContactPoint, Customer, Notice, NoticeItem, Obligation, User
from backlog.models.notices import NoticeQuerySet
from backlog.operations import reach
from backlog.rules import moments


@transaction.atomic
def compose_notices(
    *,
    by: User | None,  # noqa: ARG001 -- every operation says who; these rows name nobody
    at: datetime,
    limit: int = 500,
    quiet: moments.QuietHours | None = None,
) -> int:
    """Write one message to each customer who may be told something, `limit` at a time.

    Announcements take turns. At night, and for who wishes to hear less often, a message waits; what
    there is to tell meanwhile is added to it. Returns how many were waiting, whether this worker
    wrote to them or another one did meanwhile: call it until it returns 0.
    """
    speakable = Obligation.objects.speakable().order_by("turn", "customer_id")
    waiting = set(speakable.values_list("customer_id", flat=True)[:limit])
    by_person = _lock_speakable(waiting)
    waiting_notices = _lock_postponed(by_person.keys(), at)
    new = [person for person in by_person if person.pk not in waiting_notices]
    addresses = reach.reach(new)
    notices = Notice.objects.bulk_create(
        Notice(
            customer=person,
            template="outcome",
            language=person.language,
            turn=min(obligation.turn for obligation in by_person[person]),
            dedupe_key=_key(by_person[person][0]),
            created_at=at,
            **_to(addresses[person.pk]),
            **_when(person, at, quiet),
        )
        for person in new
    )
    on = {**waiting_notices, **{person.pk: it for person, it in zip(new, notices, strict=True)}}
    NoticeItem.objects.bulk_create(
        NoticeItem(notice=on[person.pk], obligation=obligation)
        for person, told in by_person.items()
        for obligation in told
    )
    return len(waiting)


def _key(first: Obligation) -> str:
    """Of one release: what is announced again after it was cancelled is written again."""
    return f"obligation:{first.pk}@{first.released_at:%Y%m%dT%H%M%S.%f}"


def _lock_postponed(people: Collection[Customer], at: datetime) -> dict[int, Notice]:
    """Messages to these customers that wait for a better moment: nobody sends them meanwhile."""
    locked = _postponed(people, at).select_for_update(no_key=True)
    return {notice.customer_id: notice for notice in locked if notice.customer_id}


def _postponed(people: Collection[Customer], at: datetime) -> NoticeQuerySet:
    return Notice.objects.postponed(at=at).filter(customer__in=people).order_by("pk")


def _when(person: Customer, at: datetime, quiet: moments.QuietHours | None) -> dict[str, Any]:
    moment = moments.next_allowed(at, zone=person.time_zone, rhythm=person.rhythm, quiet=quiet)
    if moment <= at:
        return {"not_before": at}
    is_digest = person.rhythm != Customer.Rhythm.AT_ONCE
    waits_for = Notice.Wait.DIGEST if is_digest else Notice.Wait.QUIET_HOURS
    return {"not_before": moment, "waits_for": waits_for}


def reschedule(customer: Customer, *, at: datetime) -> None:
    """The customer wishes to hear more or less often: what waits for them leaves accordingly.

    At night the dispatcher makes it wait for the morning.
    """
    for notice in _postponed([customer], at).select_for_update(no_key=True):
        when = {"waits_for": Notice.Wait.NONE, **_when(customer, at, None)}
        notice.not_before, notice.waits_for = when["not_before"], when["waits_for"]
        notice.save(update_fields=["not_before", "waits_for"])


def _to(found: ContactPoint | reach.Reason) -> dict[str, Any]:
    if isinstance(found, ContactPoint):
        return {"contact_point": found, "domain": found.domain}
    return {}


def _lock_speakable(customer_ids: set[int]) -> dict[Customer, list[Obligation]]:
    owed = Obligation.objects.filter(
        customer__in=customer_ids, status=Obligation.Status.OWED, released_at__isnull=False
    )
    # Locked first, then asked again: who waited for the lock sees what the other worker wrote.
    locked = list(owed.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    speakable = Obligation.objects.speakable().filter(pk__in=locked).order_by("pk")
    by_person: dict[Customer, list[Obligation]] = defaultdict(list)
    for obligation in speakable.select_related("customer__merged_into"):
        customer = obligation.customer
        by_person[customer.merged_into or customer].append(obligation)
    return by_person
