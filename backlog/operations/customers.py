"""Customers: who they are, where they may be reached, and what they let us do."""

from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import Account, Consent, ContactPoint, Customer, Identity, Source, User
from backlog.operations import composing, erased, ledger, staleness, text, zones


class AddressTaken(errors.Refusal):
    """The address, or the number at the source, is another customer's."""

    code = "address_taken"


class CustomerFacts(TypedDict, total=False):
    name: str
    language: str
    time_zone: str
    rhythm: str
    account: Account | None


def normal_address(email: str) -> str:
    """An e-mail address as it is stored and compared: trimmed and in lower case."""
    return email.strip().lower()


def find_customer(
    *, source: Source | None, external_id: str = "", email: str = ""
) -> Customer | None:
    """The person a source knows under this number, or who has this address; merges are followed."""
    found: Customer | None = None
    if source is not None and external_id:
        found = Customer.objects.filter(
            identities__source=source, identities__external_id=external_id
        ).first()
    if found is None and email:
        found = Customer.objects.filter(
            contact_points__channel=ContactPoint.Channel.EMAIL,
            contact_points__address=normal_address(email),
        ).first()
    while found is not None and found.merged_into is not None:
        found = found.merged_into
    return found


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
    customer = Customer(created_at=at, **facts)
    text.check(customer)
    zones.check(customer.time_zone)
    customer.full_clean()
    customer.save()
    ledger.record("customer.added", subject=customer, by=by, at=at)
    if email:
        add_contact_point(customer_id=customer.pk, email=email, by=by, at=at)
    if source is not None and external_id:
        _add_identity(customer, source, external_id)
    # Last: whoever is forgetting them at this moment has finished, now that these are stored.
    erased.check_names(source=source, external_id=external_id, email=email)
    return customer


def recognise_customer(
    *,
    by: User | None,
    at: datetime,
    email: str = "",
    source: Source | None = None,
    external_id: str = "",
    **facts: Unpack[CustomerFacts],
) -> Customer:
    """The person known by this number or address; a new one, with these facts, if there is none."""
    known = find_customer(source=source, external_id=external_id, email=email)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return add_customer(
                email=email, source=source, external_id=external_id, by=by, at=at, **facts
            )
    except AddressTaken:
        # Somebody added them between our look and our insert.
        first = find_customer(source=source, external_id=external_id, email=email)
        if first is None:
            raise
        return first


def _add_identity(customer: Customer, source: Source, external_id: str) -> None:
    wanted = Identity(customer=customer, source=source, external_id=external_id)
    text.check(wanted)
    wanted.full_clean(validate_unique=False, validate_constraints=False)
    identity, _is_new = Identity.objects.get_or_create(
        source=source, external_id=external_id, defaults={"customer": customer}
    )
    if identity.customer_id != customer.pk:
        raise AddressTaken(_("Another customer has this number at that source."))


@transaction.atomic
def add_contact_point(
    *, customer_id: int, email: str, by: User | None, at: datetime
) -> ContactPoint:
    """An address of a customer. Adding one they have changes nothing."""
    customer = _lock(customer_id)
    point, is_new = ContactPoint.objects.get_or_create(
        channel=ContactPoint.Channel.EMAIL,
        address=_checked_address(email),
        defaults={"customer": customer},
    )
    if point.customer_id != customer.pk:
        raise AddressTaken(_("Another customer has this address."))
    erased.check_names(source=None, external_id="", email=email)
    if is_new:
        ledger.record("contact_point.added", subject=customer, by=by, at=at)
    return point


def _lock(customer_id: int) -> Customer:
    """Raises ErasedOnRequest for somebody who was forgotten."""
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
    if customer.erased_at is not None:
        raise erased.ErasedOnRequest
    return customer


def _checked_address(email: str) -> str:
    address = normal_address(text.storable(email, field="email"))
    try:
        validate_email(address)
        MaxLengthValidator(254)(address)
    except ValidationError as error:
        raise errors.Invalid(error.messages[0], field="email") from error
    return address


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
    """The customer lets us do this from now on. Giving it twice changes nothing."""
    customer = _lock(customer_id)
    known = Consent.objects.live().filter(customer=customer, purpose=purpose).first()
    if known is not None:
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


def rest_on_own_request(*, customer_id: int, feedback_id: int, at: datetime) -> None:
    """People may be answered about what they asked, unless they ever withdrew that.

    Writing to us again does not bring back a consent that was withdrawn: only its giver does.
    """
    if not Consent.objects.filter(customer=customer_id, purpose=Consent.Purpose.LOOP).exists():
        give_consent(
            customer_id=customer_id,
            purpose=Consent.Purpose.LOOP,
            basis=Consent.Basis.OWN_REQUEST,
            proof={"feedback": feedback_id},
            by=None,
            at=at,
        )


@transaction.atomic
def withdraw_consent(*, customer_id: int, purpose: str, by: User | None, at: datetime) -> None:
    """From now on we may not. Withdrawing what was not given changes nothing."""
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
