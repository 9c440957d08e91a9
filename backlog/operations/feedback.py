"""Receiving what customers say."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.intake.rows import SCALES
from backlog.models import Account, Customer, Feedback, Product, Reading, Source, User
from backlog.operations import customers, ledger, owing, repeats, sources, text
from backlog.operations.authors import Facts, Person

# Other rows, given as objects: they are there, and the database makes sure of it.
_GIVEN = ("source", "product", "customer", "filed_by", "import_run", "salt")


class SourceClosed(errors.Refusal):
    """Nothing comes in through a source that was switched off."""

    code = "source_closed"


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """One message as a source gave it: words, kept to the character, or `readings`, or both.

    Where it names no customer, `person` may say who it was, and `facts` what else is known of them
    if they are new. Language and product default to the customer's or the source's, `said_at` to
    the receipt.
    `external_id` is the source's own number for it: with one, the same message is stored once.
    """

    verbatim: str = ""
    customer: Customer | None = None
    person: Person | None = None
    facts: Facts | None = None
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


def dedupe_key(external_id: str) -> str | None:
    """Of fixed length, whatever sources use as numbers; None where they use none."""
    return hashlib.sha256(external_id.encode()).hexdigest() if external_id else None


def receive_feedback(
    *, source: Source, incoming: Incoming, by: User | None, at: datetime
) -> tuple[Feedback, bool]:
    """Store a customer's words. Returns the row, and whether it is new.

    The same source and `external_id` a second time change nothing and return the first row, even
    when two arrive at once; with other words, that is for the source to say.
    """
    check_open(source)
    key = dedupe_key(text.storable(incoming.external_id, field="external_id"))
    if key is not None:
        (settled,) = repeats.settle(source, [message_of(key, incoming)])
        key = settled.key
    known = _known(source, key)
    if known is not None:
        return known, False
    try:
        return _store(source, incoming, key, by=by, at=at), True
    except IntegrityError:
        first = _known(source, key)
        if first is None:
            raise
        return first, False


def message_of(key: str | None, incoming: Incoming) -> repeats.Message:
    """What tells it from others."""
    words = incoming.verbatim if has_words(incoming) else ""
    return repeats.Message(key, repeats.content_of(words, incoming.readings))


def has_words(incoming: Incoming) -> bool:
    """A rating alone asks for nothing: it needs no evidence, no consent and no receipt."""
    return bool(incoming.verbatim.strip())


@transaction.atomic
def _store(
    source: Source, incoming: Incoming, key: str | None, *, by: User | None, at: datetime
) -> Feedback:
    """Whether it is the first is for the insert to find out: looking before is too early."""
    if incoming.customer is None and incoming.person is not None:
        customer = _recognised(source, incoming.person, incoming, by=by, at=at)
        incoming = replace(incoming, customer=customer)
    feedback = checked(source, incoming, at)
    feedback.dedupe_key = key
    feedback.save(force_insert=True)
    Reading.objects.bulk_create(
        [
            Reading(feedback=feedback, kind=kind, value=value)
            for kind, value in incoming.readings.items()
        ]
    )
    if feedback.customer_id is not None and feedback.verbatim:
        customers.rest_on_own_request(
            customer_id=feedback.customer_id, feedback_id=feedback.pk, at=at
        )
    ledger.record("feedback.received", subject=feedback, by=by, at=at, data={"source": source.pk})
    if source.acknowledges and feedback.verbatim:
        owing.owe_receipts(feedback_ids=[feedback.pk], at=at)
    return feedback


def _recognised(
    source: Source, person: Person, incoming: Incoming, *, by: User | None, at: datetime
) -> Customer:
    facts = facts_of(source, incoming)
    account = facts.account_id and Account.objects.filter(pk=facts.account_id).first()
    return customers.recognise_customer(
        source=source,
        **person._asdict(),
        name=facts.name,
        language=facts.language,
        time_zone=facts.time_zone,
        account=account or None,
        by=by,
        at=at,
    )


def facts_of(source: Source, incoming: Incoming) -> Facts:
    """What is known of whoever said it, should they be new."""
    language = incoming.language or sources.language_of(source, incoming.verbatim)
    return incoming.facts or Facts(language=language)


def _known(source: Source, key: str | None) -> Feedback | None:
    return Feedback.objects.filter(source=source, dedupe_key=key).first() if key else None


def check_open(source: Source) -> None:
    """Raises SourceClosed for a source that was switched off."""
    if not source.is_active:
        raise SourceClosed(_("The source “%(source)s” is switched off.") % {"source": source})


def checked(source: Source, incoming: Incoming, at: datetime) -> Feedback:
    """The row to store, not stored yet; asks the database nothing.

    Raises Invalid and Django's ValidationError for what could not be stored.
    """
    feedback = _build(source, incoming, at)
    text.check(feedback)
    feedback.clean_fields(exclude=_GIVEN)
    for kind, value in incoming.readings.items():
        _check_reading(kind, value)
    return feedback


def _build(source: Source, incoming: Incoming, at: datetime) -> Feedback:
    words = incoming.verbatim if has_words(incoming) else ""
    if not words and not incoming.readings:
        message = _("There are neither words nor a rating in it.")
        raise errors.Invalid(message, field="verbatim", code="blank")
    language = incoming.language or _language(source, incoming)
    return Feedback(
        source=source,
        product=incoming.product or source.product,
        customer=incoming.customer,
        filed_by=incoming.filed_by,
        external_id=incoming.external_id,
        dedupe_key=dedupe_key(incoming.external_id),
        verbatim=words,
        search_text=text.searchable(words),
        language=language,
        relation=incoming.relation,
        journey_stage=incoming.journey_stage,
        said_at=incoming.said_at or at,
        received_at=at,
        raw=incoming.raw,
        content_type=incoming.content_type,
        payload=incoming.payload,
    )


def _language(source: Source, incoming: Incoming) -> str:
    if incoming.customer is not None:
        return incoming.customer.language
    return sources.language_of(source, incoming.verbatim)


def _check_reading(kind: str, value: Decimal) -> None:
    Reading(kind=kind, value=value).clean_fields(exclude=["feedback"])
    low, high = SCALES[kind]
    if not low <= value <= high:
        message = _("A rating of this kind is a number from %(low)d to %(high)d.")
        raise errors.Invalid(
            message % {"low": low, "high": high}, field="readings", code="off_scale"
        )
