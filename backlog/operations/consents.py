"""Customers: who they are, where they may be reached, and what they let us do."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import Consent, Customer, User
from backlog.operations import (
    customers,
    events,
)
from backlog.rules import text_input

_ADVERTISING: Final = (Consent.Purpose.ADVERTISING, Consent.Purpose.ADVERTISING_AT_NIGHT)


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
    if purpose in _ADVERTISING and basis != Consent.Basis.OPT_IN:
        message = _("To advertising people agree expressly; nothing they asked for stands for it.")
        raise errors.Invalid(message, field="basis", code="needs_opt_in")
    customer = customers.lock_customer(customer_id)
    for known in Consent.objects.live().filter(customer=customer, purpose=purpose, basis=basis):
        if basis == Consent.Basis.OWN_REQUEST or known.proof == (proof or {}):
            return known
    consent = Consent(
        customer=customer, purpose=purpose, basis=basis, given_at=at, proof=proof or {}
    )
    text_input.check(consent)
    consent.full_clean(validate_unique=False, validate_constraints=False)
    consent.save(force_insert=True)
    data = {"purpose": purpose, "basis": basis}
    events.record("consent.given", subject=customer, by=by, at=at, data=data)
    return consent


@transaction.atomic
def withdraw_consent(*, customer_id: int, purpose: str, by: User | None, at: datetime) -> None:
    """From now on we may not, whatever the basis was. Withdrawing what was not given is nothing."""
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
    withdrawn = Consent.objects.live().filter(customer=customer, purpose=purpose)
    if withdrawn.update(withdrawn_at=at):
        events.record(
            "consent.withdrawn", subject=customer, by=by, at=at, data={"purpose": purpose}
        )
