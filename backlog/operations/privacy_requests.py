"""What people ask of us about their own data: written down, due in a month, closed on record."""

from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from backlog import errors
from backlog.errors import PrivacyRequestClosed
from backlog.models import ContactPoint, Customer, PrivacyRequest, User
from backlog.operations import events
from backlog.queries import customer_records
from backlog.rules import calendars, months

Kind = PrivacyRequest.Kind
Status = PrivacyRequest.Status

ENOUGH: Final = 5
"""After so many mails with a copy's address that did not leave, a colleague hands it over."""


def due_on(asked_at: datetime) -> date:
    """A month later, by the clock of the site."""
    return months.later(calendars.day_of(asked_at), 1)


@transaction.atomic
def ask(
    *,
    customer_id: int,
    kind: str,
    by: User | None,
    at: datetime,
    asked_at: datetime | None = None,
) -> PrivacyRequest:
    """Write down what the person asked for. While one of the kind is open, nothing is added.

    Without `by` they asked themselves. `asked_at` is when they did, if that was before today.
    """
    if kind not in Kind:
        raise errors.Invalid(_("Say export or erasure."), field="kind")
    asked_at = asked_at or at
    if asked_at > at:
        raise errors.Invalid(_("They cannot have asked in the future."), field="asked_at")
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
    if customer.erased_at is not None:
        raise errors.ErasedOnRequest
    known = PrivacyRequest.objects.open().filter(customer=customer, kind=kind).first()
    if known is not None:
        return known
    wish = PrivacyRequest.objects.create(
        customer=customer, kind=kind, asked_at=asked_at, asked_by=by, due_on=due_on(asked_at)
    )
    events.record("privacy.asked", subject=wish, by=by, at=at, data={"kind": kind})
    return wish


@transaction.atomic
def close(*, request_id: int, status: str, by: User | None, at: datetime) -> PrivacyRequest:
    """It is done, or was withdrawn. Erasing closes a wish to be forgotten by itself.

    Closing it twice alike changes nothing.
    """
    wish = PrivacyRequest.objects.select_for_update(no_key=True).get(pk=request_id)
    if wish.status == status:
        return wish
    if wish.status != Status.OPEN:
        raise PrivacyRequestClosed(
            _("This is closed already: %(status)s.") % {"status": wish.get_status_display()}
        )
    if wish.kind == Kind.ERASURE and status == Status.DONE:
        raise errors.IllegalTransition(_("It is done when the person is erased."))
    wish.status, wish.closed_at, wish.closed_by = status, max(at, wish.asked_at), by
    wish.save(update_fields=["status", "closed_at", "closed_by"])
    events.record(f"privacy.{status}", subject=wish, by=by, at=at, data={"kind": wish.kind})
    return wish


@transaction.atomic
def hand_over(*, customer_id: int, by: User, at: datetime) -> PrivacyRequest:
    """A colleague gave the person their copy; whether they had asked before or did so just now."""
    wish = ask(customer_id=customer_id, kind=Kind.EXPORT, by=by, at=at)
    return close(request_id=wish.pk, status=Status.DONE, by=by, at=at)


def copies_to_mail() -> list[PrivacyRequest]:
    """Copies that people asked for by their own link, and whose address was not mailed yet."""
    waiting = PrivacyRequest.objects.open().filter(
        kind=Kind.EXPORT, asked_by__isnull=True, attempts__lt=ENOUGH
    )
    return list(waiting.select_related("customer").order_by("pk"))


def address_for_copy(wish: PrivacyRequest) -> str | None:
    """Where the person may be sent what they asked for; who wants no news may want this."""
    points = ContactPoint.objects.filter(
        customer__in=customer_records.all_of(wish.customer_id),
        state__in=[ContactPoint.State.USABLE, ContactPoint.State.UNSUBSCRIBED],
    )
    verified_first = points.order_by(F("verified_at").desc(nulls_last=True), "pk")
    return verified_first.values_list("address", flat=True).first()


@transaction.atomic
def note_attempt(*, request_id: int, by: User | None, at: datetime) -> None:  # noqa: ARG001
    """The mail with the copy's address did not leave; after some, a colleague hands it over."""
    wish = PrivacyRequest.objects.select_for_update(no_key=True).get(pk=request_id)
    wish.attempts += 1
    wish.save(update_fields=["attempts"])
