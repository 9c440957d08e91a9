"""Customers: who they are, where they may be reached, and what they let us do."""

from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.errors import AddressTaken
from backlog.models import Account, Customer, Identity, Source, User
from backlog.operations import (
    affiliations,
    contact_points,
    customers_in_bulk,
    erased_identifiers,
    events,
    notice_composition,
)
from backlog.operations.customers_in_bulk import CustomerIdentifier
from backlog.rules import text_input, time_zones


class CustomerFacts(TypedDict, total=False):
    name: str
    language: str
    time_zone: str
    rhythm: str
    account: Account | None


@transaction.atomic
def add_customer(
    *,
    by: User | None,
    at: datetime,
    email: str = "",
    source: Source | None = None,
    external_id: str = "",
    **facts: Unpack[CustomerFacts],
) -> Customer:
    """A new person. Refused if the address or the source's number is another customer's, or of
    somebody who asked to be forgotten.
    """
    identifier = customers_in_bulk.check_identifier(CustomerIdentifier(external_id, email))
    customer = Customer(created_at=at, **facts)
    text_input.check(customer)
    time_zones.check(customer.time_zone)
    customer.full_clean()
    customer.save()
    customers_in_bulk.affiliate({customer.pk: customer.account_id}, by=by, at=at)
    events.record("customer.added", subject=customer, by=by, at=at)
    if identifier.email:
        contact_points.add_contact_point(
            customer_id=customer.pk, email=identifier.email, by=by, at=at
        )
    if source is not None and identifier.external_id:
        _add_identity(customer, source, identifier.external_id)
    # Last: whoever is forgetting them at this moment has finished, now that these are stored.
    erased_identifiers.check_names(source=source, **identifier._asdict())
    return customer


def _add_identity(customer: Customer, source: Source, external_id: str) -> None:
    identity, _is_new = Identity.objects.get_or_create(
        source=source, external_id=external_id, defaults={"customer": customer}
    )
    if identity.customer_id != customer.pk:
        raise AddressTaken(_("Another customer has this number at that source."))


def lock_customer(customer_id: int) -> Customer:
    """Raises ErasedOnRequest for somebody who was forgotten."""
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
    if customer.erased_at is not None:
        raise errors.ErasedOnRequest
    return customer


@transaction.atomic
def edit_customer(
    *,
    customer_id: int,
    by: User | None,
    at: datetime,
    version: int | None = None,
    **changes: Unpack[CustomerFacts],
) -> Customer:
    """Change what we know of a person. Editing nothing records nothing.

    With another account they moved there today: what they said until now stays as it was said.
    """
    customer = lock_customer(customer_id)
    if "time_zone" in changes:
        time_zones.check(changes["time_zone"])
    if changes.get("rhythm", Customer.Rhythm.AT_ONCE) not in Customer.Rhythm:
        raise errors.Invalid(_("Say at_once, daily or weekly."), field="rhythm")
    own = {name: value for name, value in changes.items() if name != "account"}
    changed = events.apply(customer, own, version=version, by=by, at=at)
    if changed:
        events.record("customer.edited", subject=customer, by=by, at=at, data={"changed": changed})
    if {"rhythm", "time_zone"} & set(changed):
        notice_composition.reschedule(customer, by=by, at=at)
    if "account" in changes:
        account = changes["account"]
        affiliations.settle_account(customer_id=customer_id, account=account, by=by, at=at)
        customer.refresh_from_db()
    return customer
