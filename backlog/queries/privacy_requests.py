"""Copies that people asked for, and where they may be sent."""

from typing import Final

from django.db.models import F

from backlog.models import ContactPoint, PrivacyRequest
from backlog.queries import customer_records

ENOUGH: Final = 5
"""After so many mails with a copy's address that did not leave, a colleague hands it over."""


def copies_to_mail() -> list[PrivacyRequest]:
    """Copies that people asked for by their own link, and whose address was not mailed yet."""
    waiting = PrivacyRequest.objects.open().filter(
        kind=PrivacyRequest.Kind.EXPORT, asked_by__isnull=True, attempts__lt=ENOUGH
    )
    return list(waiting.select_related("customer").order_by("pk"))


def address_for_copy(privacy_request: PrivacyRequest) -> str | None:
    """Where the person may be sent what they asked for; who wants no news may want this."""
    points = ContactPoint.objects.filter(
        customer__in=customer_records.all_of(privacy_request.customer_id),
        state__in=[ContactPoint.State.USABLE, ContactPoint.State.UNSUBSCRIBED],
    )
    verified_first = points.order_by(F("verified_at").desc(nulls_last=True), "pk")
    return verified_first.values_list("address", flat=True).first()
