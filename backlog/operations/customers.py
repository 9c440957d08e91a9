"""Customers: who they are, where they may be reached, and what they let us do."""

from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import Account, Consent, ContactPoint, Customer, Identity, Source, User
from backlog.operations import (
    authors,
    composing,
    erased,
    ledger,
    obligations,
    staleness,
    text,
    zones,
)
from backlog.operations.authors import Person


class AddressTaken(errors.Refusal):
    """The address, or the number at the source, is another customer's."""

    code = "address_taken"


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
    person = authors.checked(Person(external_id, email))
    customer = Customer(created_at=at, **facts)
    text.check(customer)
    zones.check(customer.time_zone)
    customer.full_clean()
    customer.save()
    ledger.record("customer.added", subject=customer, by=by, at=at)
    if person.email:
        add_contact_point(customer_id=customer.pk, email=person.email, by=by, at=at)
    if source is not None and person.external_id:
        _add_identity(customer, source, person.external_id)
    # Last: whoever is forgetting them at this moment has finished, now that these are stored.
    erased.check_names(source=source, **person._asdict())
    return customer


def _add_identity(customer: Customer, source: Source, external_id: str) -> None:
    identity, _is_new = Identity.objects.get_or_create(
        source=source, external_id=external_id, defaults={"customer": customer}
    )
    if identity.customer_id != customer.pk:
        raise AddressTaken(_("Another customer has this number at that source."))


@transaction.atomic
def add_contact_point(
    *, customer_id: int, email: str, by: User | None, at: datetime
) -> ContactPoint:
    """An address of a customer, who may be told now what they missed without one.

    Adding one they have changes nothing.
    """
    address = authors.checked(Person(email=email)).email
    if not address:
        raise errors.Invalid(_("This is no e-mail address."), field="email", code="bad_address")
    customer = _lock(customer_id)
    point, is_new = ContactPoint.objects.get_or_create(
        channel=ContactPoint.Channel.EMAIL, address=address, defaults={"customer": customer}
    )
    if point.customer_id != customer.pk:
        raise AddressTaken(_("Another customer has this address."))
    erased.check_names(source=None, external_id="", email=address)
    if is_new:
        ledger.record("contact_point.added", subject=customer, by=by, at=at)
        obligations.owe_again(customer_ids=[customer.merged_into_id or customer.pk])
    return point


def _lock(customer_id: int) -> Customer:
    """Raises ErasedOnRequest for somebody who was forgotten."""
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
    if customer.erased_at is not None:
        raise erased.ErasedOnRequest
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
    """Change what we know of a person. Editing nothing records nothing."""
    if "account" in changes:
        staleness.mark_customer(customer_id)
    customer = _lock(customer_id)
    if "time_zone" in changes:
        zones.check(changes["time_zone"])
    if changes.get("rhythm", Customer.Rhythm.AT_ONCE) not in Customer.Rhythm:
        raise errors.Invalid(_("Say at_once, daily or weekly."), field="rhythm")
    changed = ledger.apply(customer, dict(changes), version=version)
    if changed:
        ledger.record("customer.edited", subject=customer, by=by, at=at, data={"changed": changed})
    if {"rhythm", "time_zone"} & set(changed):
        composing.reschedule(customer, at=at)
    return customer


@transaction.atomic
def give_consent(
    *,
    customer_id: int,
    purpose: str,
    basis: str,
    by: User | None,
    at: datetime,
    proof: dict[str, Any] | None = None,
) -> Consent:
    """The customer lets us do this from now on. Giving it twice changes nothing.

    Each basis stands by itself, with its proof, and so does each proof that they agreed.
    """
    customer = _lock(customer_id)
    for known in Consent.objects.live().filter(customer=customer, purpose=purpose, basis=basis):
        if basis == Consent.Basis.OWN_REQUEST or known.proof == (proof or {}):
            return known
    consent = Consent(
        customer=customer, purpose=purpose, basis=basis, given_at=at, proof=proof or {}
    )
    text.check(consent)
    consent.full_clean(validate_unique=False, validate_constraints=False)
    consent.save(force_insert=True)
    data = {"purpose": purpose, "basis": basis}
    ledger.record("consent.given", subject=customer, by=by, at=at, data=data)
    return consent


@transaction.atomic
def withdraw_consent(*, customer_id: int, purpose: str, by: User | None, at: datetime) -> None:
    """From now on we may not, whatever the basis was. Withdrawing what was not given is nothing."""
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
    withdrawn = Consent.objects.live().filter(customer=customer, purpose=purpose)
    if withdrawn.update(withdrawn_at=at):
        ledger.record(
            "consent.withdrawn", subject=customer, by=by, at=at, data={"purpose": purpose}
        )


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
        ledger.record(f"contact_point.{state}", subject=point.customer, by=by, at=at)
    return point
