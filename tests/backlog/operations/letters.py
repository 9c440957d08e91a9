"""Customers who may be written to, what they are owed, and messages to them."""

from backlog.models import Customer, Notice, Obligation
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
