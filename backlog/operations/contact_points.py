"""Customers: who they are, where they may be reached, and what they let us do."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.errors import AddressTaken
from backlog.models import ContactPoint, User
from backlog.operations import (
    customers,
    customers_in_bulk,
    erased_identifiers,
    events,
    obligations,
)
from backlog.operations.customers_in_bulk import CustomerIdentifier


@transaction.atomic
def add_contact_point(
    *, customer_id: int, email: str, by: User | None, at: datetime
) -> ContactPoint:
    """An address of a customer, who may be told now what they missed without one.

    Adding one they have changes nothing.
    """
    address = customers_in_bulk.check_identifier(CustomerIdentifier(email=email)).email
    if not address:
        raise errors.Invalid(_("This is no e-mail address."), field="email", code="bad_address")
    customer = customers.lock_customer(customer_id)
    point, is_new = ContactPoint.objects.get_or_create(
        channel=ContactPoint.Channel.EMAIL, address=address, defaults={"customer": customer}
    )
    if point.customer_id != customer.pk:
        raise AddressTaken(_("Another customer has this address."))
    erased_identifiers.check_names(source=None, external_id="", email=address)
    if is_new:
        events.record("contact_point.added", subject=customer, by=by, at=at)
        survivor_id = customer.merged_into_id or customer.pk
        obligations.owe_again(customer_ids=[survivor_id], by=by, at=at)
    return point


@transaction.atomic
def unsubscribe(*, contact_point_id: int, by: User | None, at: datetime) -> ContactPoint:
    """Nothing goes to this address any more. Idempotent; a bounced address stays bounced."""
    return set_contact_state(
        contact_point_id=contact_point_id, state=ContactPoint.State.UNSUBSCRIBED, by=by, at=at
    )


@transaction.atomic
def set_contact_state(
    *, contact_point_id: int, state: str, by: User | None, at: datetime
) -> ContactPoint:
    """Mark a usable address as one nobody should write to. Idempotent; the first reason stays."""
    point = ContactPoint.objects.select_for_update(no_key=True).get(pk=contact_point_id)
    if point.state == ContactPoint.State.USABLE:
        point.state, point.state_changed_at = state, at
        point.save(update_fields=["state", "state_changed_at"])
        events.record(f"contact_point.{state}", subject=point.customer, by=by, at=at)
    return point
