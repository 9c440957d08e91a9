"""What people ask of us about their own data: written down, due in a month, closed on record."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.errors import PrivacyRequestClosed
from backlog.models import Customer, PrivacyRequest, User
from backlog.operations import events
from backlog.rules import privacy_requests

Kind = PrivacyRequest.Kind
Status = PrivacyRequest.Status


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
    privacy_request = PrivacyRequest.objects.create(
        customer=customer,
        kind=kind,
        asked_at=asked_at,
        asked_by=by,
        due_on=privacy_requests.due_on(asked_at),
    )
    events.record("privacy.asked", subject=privacy_request, by=by, at=at, data={"kind": kind})
    return privacy_request


@transaction.atomic
def close(*, request_id: int, status: str, by: User | None, at: datetime) -> PrivacyRequest:
    """It is done, or was withdrawn. Erasing closes a wish to be forgotten by itself.

    Closing it twice alike changes nothing.
    """
    privacy_request = PrivacyRequest.objects.select_for_update(no_key=True).get(pk=request_id)
    if privacy_request.status == status:
        return privacy_request
    if privacy_request.status != Status.OPEN:
        raise PrivacyRequestClosed(
            _("This is closed already: %(status)s.")
            % {"status": privacy_request.get_status_display()}
        )
    if privacy_request.kind == Kind.ERASURE and status == Status.DONE:
        raise errors.IllegalTransition(_("It is done when the person is erased."))
    privacy_request.status, privacy_request.closed_at, privacy_request.closed_by = (
        status,
        max(at, privacy_request.asked_at),
        by,
    )
    privacy_request.save(update_fields=["status", "closed_at", "closed_by"])
    events.record(
        f"privacy.{status}",
        subject=privacy_request,
        by=by,
        at=at,
        data={"kind": privacy_request.kind},
    )
    return privacy_request


@transaction.atomic
def hand_over(*, customer_id: int, by: User, at: datetime) -> PrivacyRequest:
    """A colleague gave the person their copy; whether they had asked before or did so just now."""
    privacy_request = ask(customer_id=customer_id, kind=Kind.EXPORT, by=by, at=at)
    return close(request_id=privacy_request.pk, status=Status.DONE, by=by, at=at)


@transaction.atomic
def note_attempt(*, request_id: int, by: User | None, at: datetime) -> None:
    """The mail with the copy's address did not leave; after some, a colleague hands it over."""
    privacy_request = PrivacyRequest.objects.select_for_update(no_key=True).get(pk=request_id)
    privacy_request.attempts += 1
    privacy_request.save(update_fields=["attempts"])
