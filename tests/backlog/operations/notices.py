"""Customers who may be written to, what they are owed, messages to them, and how those fare."""

from collections.abc import Iterable
from datetime import datetime

from backlog.models import Customer, Event, Notice, Obligation
from backlog.operations import notices
from tests.factories import NOON
from tests.factories import backlog as make


def asker(**more: object) -> Customer:
    """A customer who may be written to."""
    customer = make.CustomerFactory.create(**more)
    make.ConsentFactory.create(customer=customer)
    make.ContactPointFactory.create(customer=customer)
    return customer


def owed(customer: Customer | None = None, **more: object) -> Obligation:
    return make.ObligationFactory.create(
        **{"customer": customer or asker(), "released_at": NOON, **more}
    )


def written(customer: Customer | None = None, **more: object) -> Notice:
    """A message to somebody who may be written to, about one thing."""
    obligation = owed(customer)
    notice = make.NoticeFactory.create(customer=obligation.customer, **more)
    make.NoticeItemFactory.create(notice=notice, obligation=obligation)
    return notice


def obligation_of(notice: Notice) -> Obligation:
    return Obligation.objects.get(items__notice=notice)


def claim(at: datetime = NOON, limit: int = 50) -> list[notices.Claim]:
    return notices.claim_notices(by=None, at=at, limit=limit)


def sent(one: notices.Claim, at: datetime = NOON) -> bool:
    told = notices.record_sent(notice_ids=[one.notice.pk], lease_token=one.token, by=None, at=at)
    return one.notice.pk in told


def failed(
    one: notices.Claim, at: datetime = NOON, *, failure: str = "451 no", is_permanent: bool = False
) -> bool:
    return notices.record_failure(
        notice_id=one.notice.pk,
        lease_token=one.token,
        failure=failure,
        is_permanent=is_permanent,
        by=None,
        at=at,
    )


def reload(notice: Notice) -> Notice:
    return Notice.objects.get(pk=notice.pk)


def kinds(events: Iterable[Event]) -> list[str]:
    return [event.kind for event in events]
