"""Receiving what customers say: checked and recorded; one is many of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.db import bulk, plain_rows
from backlog.errors import ErasedOnRequest, SourceClosed
from backlog.intake.rows import SCALES
from backlog.models import Customer, Feedback, Product, Reading, Source, User
from backlog.operations import customers_in_bulk, events, feedback_in_bulk, obligations_in_bulk
from backlog.operations.customers_in_bulk import Author, CustomerIdentifier, NewCustomer
from backlog.operations.feedback_in_bulk import Draft, Stored
from backlog.queries import repeats
from backlog.queries import sources as source_queries
from backlog.rules import reported_moments, text_input

Fault = errors.Refusal | ValidationError


@dataclass(frozen=True, kw_only=True)
class FeedbackData:
    """One message as a source gave it: words, kept to the character, or `readings`, or both.

    `customer` is who said it; without one, whoever the names of `person` lead to, or someone new,
    of whom `new_customer` is known; without either, nobody. Language and product default to the
    customer's or the source's, `said_at` to the receipt.
    `external_id` is the source's own number for it: with one, the same message is stored once.
    """

    verbatim: str = ""
    customer: Customer | None = None
    identifier: CustomerIdentifier | None = None
    new_customer: NewCustomer | None = None
    filed_by: User | None = None
    external_id: str = ""
    language: str = ""
    product: Product | None = None
    relation: str = Feedback.Relation.CUSTOMER
    journey_stage: str = ""
    said_at: datetime | None = None
    readings: Mapping[str, Decimal] = field(default_factory=dict)
    raw: bytes = b""
    content_type: str = ""
    payload: dict[str, Any] = field(default_factory=dict)


def receive_feedback(
    *, source: Source, incoming: FeedbackData, by: User | None, at: datetime
) -> tuple[Feedback, bool]:
    """Store a customer's words. Returns the row, and whether it is new.

    The same source and `external_id` a second time change nothing and return the first row, even
    when two arrive at once; with other words, that is for the source to say. Refused if whoever
    said it asked to be forgotten.
    """
    (stored,) = receive_many(messages=[(source, incoming)], by=by, at=at)
    if not isinstance(stored, Stored):
        raise stored
    return Feedback.objects.get(pk=stored.id), stored.is_new


def receive_many(
    *, messages: Sequence[tuple[Source, FeedbackData]], by: User | None, at: datetime
) -> list[Stored | Fault]:
    """Store what is new; in their order what became of each, or why it was refused.

    Each stands by itself: one that is refused holds up no other. Of the same message twice, the
    first is new.
    """
    results: dict[int, Stored | Fault] = {}
    drafts: dict[int, Draft] = {}
    new_customers: set[NewCustomer] = set()
    for place, (source, incoming) in enumerate(messages):
        try:
            drafts[place] = _draft(source, incoming, at, new_customers)
        except (errors.Refusal, ValidationError) as fault:
            results[place] = fault
    stored = bulk.despite_races(partial(_receive, by=by, at=at), list(drafts.values()))
    results |= dict(zip(drafts, stored, strict=True))
    return [results[place] for place in range(len(messages))]


@transaction.atomic
def _receive(
    drafts: Sequence[Draft], *, by: User | None, at: datetime
) -> list[Stored | ErasedOnRequest]:
    stored = feedback_in_bulk.store(drafts, by=by, at=at)
    new = {
        each.id: draft
        for draft, each in zip(drafts, stored, strict=True)
        if isinstance(each, Stored) and each.is_new
    }
    for source in {draft.source for draft in new.values()}:
        ids = [number for number, draft in new.items() if draft.source == source]
        data = {"source": source.pk}
        events.record_many("feedback.received", subject=Feedback, ids=ids, by=by, at=at, data=data)
        asking = [number for number in ids if new[number].row["verbatim"]]
        if asking and source.acknowledges:
            obligations_in_bulk.create_receipts(feedback_ids=asking, by=by, at=at)
    return stored


def _draft(
    source: Source, incoming: FeedbackData, at: datetime, checked: set[NewCustomer]
) -> Draft:
    check_open(source)
    return Draft(
        source=source,
        row=_checked_row(source, incoming, at),
        author=_author(source, incoming, checked),
        readings=incoming.readings,
    )


def _author(source: Source, incoming: FeedbackData, checked: set[NewCustomer]) -> Author | None:
    """Of many with the same facts these are checked once, and remembered in `checked`."""
    if incoming.customer is None and incoming.identifier is None:
        return None
    identifier = customers_in_bulk.check_identifier(incoming.identifier or CustomerIdentifier())
    spoken = incoming.language or source_queries.language_of(source, incoming.verbatim)
    new_customer = incoming.new_customer or NewCustomer(language=spoken)
    if new_customer not in checked:
        customers_in_bulk.check_new_customer(new_customer)
        checked.add(new_customer)
    known = incoming.customer.pk if incoming.customer else None
    return Author(source.pk, identifier, new_customer, known)


def check_open(source: Source) -> None:
    """Raises SourceClosed for a source that was switched off."""
    if not source.is_active:
        raise SourceClosed(_("The source “%(source)s” is switched off.") % {"source": source})


def _checked_row(source: Source, incoming: FeedbackData, at: datetime) -> dict[str, Any]:
    """The row to store; asks the database nothing.

    Raises Invalid and Django's ValidationError for what could not be stored.
    """
    row = _row(source, incoming, at)
    # Without a language it is the customer's, which is known when the row is stored.
    plain_rows.check(Feedback, row if incoming.language else _without_language(row))
    reported_moments.check_past(Feedback, row, at=at)
    for kind, value in incoming.readings.items():
        _check_reading(kind, value)
    return row


def _without_language(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "language"}


def _row(source: Source, incoming: FeedbackData, at: datetime) -> dict[str, Any]:
    words = incoming.verbatim if incoming.verbatim.strip() else ""
    if not words and not incoming.readings:
        message = _("There are neither words nor a rating in it.")
        raise errors.Invalid(message, field="verbatim", code="blank")
    number = text_input.storable(incoming.external_id, field="external_id")
    return {
        "source_id": source.pk,
        "product_id": incoming.product.pk if incoming.product else source.product_id,
        "customer_id": incoming.customer and incoming.customer.pk,
        "filed_by_id": incoming.filed_by and incoming.filed_by.pk,
        "external_id": number,
        "dedupe_key": repeats.dedupe_key(number),
        "verbatim": words,
        "language": incoming.language,
        "relation": incoming.relation,
        "journey_stage": incoming.journey_stage,
        "said_at": incoming.said_at or at,
        "received_at": at,
        "raw": incoming.raw,
        "content_type": incoming.content_type,
        "payload": incoming.payload,
    }


def _check_reading(kind: str, value: Decimal) -> None:
    plain_rows.check(Reading, {"kind": kind, "value": value})
    low, high = SCALES[kind]
    if not low <= value <= high:
        message = _("A rating of this kind is a number from %(low)d to %(high)d.")
        raise errors.Invalid(
            message % {"low": low, "high": high}, field="readings", code="off_scale"
        )
