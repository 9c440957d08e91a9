"""Writing messages: one for each customer who may be told something, with all they may hear.

Lock order: obligation, notice; several of a kind by their id.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db import transaction

from backlog.models import ContactPoint, Customer, Notice, NoticeItem, Obligation, User
from backlog.operations import reach


@transaction.atomic
def compose_notices(
    *,
    by: User | None,  # noqa: ARG001 -- every operation says who; these rows name nobody
    at: datetime,
    limit: int = 500,
) -> int:
    """Write one message to each customer who may be told something, `limit` at a time.

    Announcements take turns. Returns how many were waiting, whether this worker wrote to
    them or another one did meanwhile: call it until it returns 0.
    """
    speakable = Obligation.objects.speakable().order_by("turn", "customer_id")
    waiting = set(speakable.values_list("customer_id", flat=True)[:limit])
    by_person = _lock_speakable(waiting)
    addresses = reach.reach(by_person.keys())
    notices = Notice.objects.bulk_create(
        Notice(
            customer=person,
            **_to(addresses[person.pk]),
            turn=min(obligation.turn for obligation in told),
            template="outcome",
            language=person.language,
            dedupe_key=_key(told[0]),
            created_at=at,
            not_before=at,
        )
        for person, told in by_person.items()
    )
    NoticeItem.objects.bulk_create(
        NoticeItem(notice=notice, obligation=obligation)
        for notice, told in zip(notices, by_person.values(), strict=True)
        for obligation in told
    )
    return len(waiting)


def _key(first: Obligation) -> str:
    """Of one release: what is announced again after it was cancelled is written again."""
    return f"obligation:{first.pk}@{first.released_at:%Y%m%dT%H%M%S.%f}"


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
