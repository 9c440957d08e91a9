"""Receiving what customers say: one by one, many at once or from a file, it is one path.

One is many of one. Each message stands by itself, and the queries are a constant number.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.intake.rows import SCALES
from backlog.models import Customer, Feedback, Product, Reading, Source, User
from backlog.operations import authors, bulk, ledger, owing, text
from backlog.operations.authors import Author, Facts, Person

Fault = errors.Refusal | ValidationError

# Other rows, given as objects: they are there, and the database makes sure of it.
_GIVEN = ("source", "product", "customer", "filed_by", "import_run", "salt")


class SourceClosed(errors.Refusal):
    """Nothing comes in through a source that was switched off."""

    code = "source_closed"


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """One message as a source gave it. `verbatim` is kept to the character.

    `customer` is who said it; without one, whoever the names of `person` lead to, or someone new,
    of whom `facts` are known; without either, nobody. Language and product default to the
    customer's or the source's, `said_at` to the receipt.
    `external_id` is the source's own number for it: with one, the same message is stored once.
    """

    verbatim: str
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


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a message, with the codes in `authors.NOTES` of what must be said of it."""

    id: int
    is_new: bool
    notes: tuple[str, ...] = ()


_Key = tuple[int, str | None]
"""By which a message is known at its source, if the source has a number for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message that can be stored, as the row it will be. A blank language is the customer's."""

    source: Source
    row: dict[str, Any]
    author: Author | None
    readings: Mapping[str, Decimal]

    @property
    def key(self) -> _Key:
        return self.source.pk, self.row["dedupe_key"]


def dedupe_key(external_id: str) -> str | None:
    """Of fixed length, whatever sources use as numbers; None where they use none."""
    return hashlib.sha256(external_id.encode()).hexdigest() if external_id else None


def receive_feedback(
    *, source: Source, incoming: Incoming, by: User | None, at: datetime
) -> tuple[Feedback, bool]:
    """Store a customer's words. Returns the row, and whether it is new.

    The same source and `external_id` a second time change nothing and return the first row, even
    when two arrive at once.
    """
    (stored,) = receive_many(messages=[(source, incoming)], by=by, at=at)
    if not isinstance(stored, Stored):
        raise stored
    return Feedback.objects.get(pk=stored.id), stored.is_new


def receive_many(
    *, messages: Sequence[tuple[Source, Incoming]], by: User | None, at: datetime
) -> list[Stored | Fault]:
    """Store what is new; in their order what became of each, or why it was refused.

    Each stands by itself: one that is refused holds up no other. Of the same message twice, the
    first is new.
    """
    results: dict[int, Stored | Fault] = {}
    drafts: dict[int, Draft] = {}
    for place, (source, incoming) in enumerate(messages):
        try:
            drafts[place] = _draft(source, incoming, at)
        except (errors.Refusal, ValidationError) as fault:
            results[place] = fault
    stored = bulk.despite_races(partial(_receive, by=by, at=at), list(drafts.values()))
    results |= dict(zip(drafts, stored, strict=True))
    return [results[place] for place in range(len(messages))]


@transaction.atomic
def _receive(drafts: Sequence[Draft], *, by: User | None, at: datetime) -> list[Stored]:
    stored = store(drafts, by=by, at=at)
    for source in {draft.source.pk: draft.source for draft in drafts}.values():
        new = [
            each.id
            for draft, each in zip(drafts, stored, strict=True)
            if each.is_new and draft.source == source
        ]
        data = {"source": source.pk}
        ledger.record_many("feedback.received", subject=Feedback, ids=new, by=by, at=at, data=data)
        if new and source.acknowledges:
            owing.owe_receipts(feedback_ids=new, at=at)
    return stored


def store(drafts: Sequence[Draft], *, by: User | None, at: datetime) -> list[Stored]:
    """Store what is new with who said it, in a transaction of the caller's, who records it.

    Whether it is the first is for the insert to find out: who was quicker makes it fail.
    """
    ids = _known(drafts)
    new = _first_ones(drafts, known=ids)
    notes = _name_customers(new, by=by, at=at)
    numbers = dict(
        zip(new, bulk.insert_numbered(Feedback, [it.row for it in new.values()]), strict=True)
    )
    ids |= {draft.key: numbers[place] for place, draft in new.items()}
    _complete({numbers[place]: draft for place, draft in new.items()}, at=at)
    return [
        Stored(numbers[place], is_new=True, notes=notes.get(place, ()))
        if place in numbers
        else Stored(ids[draft.key], is_new=False)
        for place, draft in enumerate(drafts)
    ]


def _known(drafts: Iterable[Draft]) -> dict[_Key, int]:
    keys = sorted({key for _source, key in (draft.key for draft in drafts) if key})
    sources = {draft.source.pk for draft in drafts}
    found = Feedback.objects.filter(source__in=sources, dedupe_key__among=keys)
    return {
        (source, key): number
        for source, key, number in found.values_list("source", "dedupe_key", "pk")
    }


def _first_ones(drafts: Sequence[Draft], *, known: Iterable[_Key]) -> dict[int, Draft]:
    """By their places those that came before neither in the database nor among these."""
    seen = set(known)
    new: dict[int, Draft] = {}
    for place, draft in enumerate(drafts):
        if draft.key not in seen:
            # A copy, since who was quicker may make us try again.
            new[place] = replace(draft, row=dict(draft.row))
        if draft.key[1] is not None:
            seen.add(draft.key)
    return new


def _name_customers(
    drafts: Mapping[int, Draft], *, by: User | None, at: datetime
) -> dict[int, tuple[str, ...]]:
    """Give each row its customer, and their language where none is said; the notes, by place."""
    named = {place: it.author for place, it in drafts.items() if it.author is not None}
    found = authors.recognise(list(named.values()), by=by, at=at)
    recognised = dict(zip(named, found, strict=True))
    for place, each in recognised.items():
        drafts[place].row["customer_id"] = each.customer_id
    silent = [draft for draft in drafts.values() if not draft.row["language"]]
    speakers = {draft.row["customer_id"] for draft in silent} - {None}
    known = Customer.objects.filter(pk__among=sorted(speakers))
    languages = dict(known.values_list("pk", "language")) if speakers else {}
    for draft in silent:
        spoken = languages.get(draft.row["customer_id"], draft.source.language)
        draft.row["language"] = spoken
    return {place: each.notes for place, each in recognised.items()}


def _complete(stored: Mapping[int, Draft], *, at: datetime) -> None:
    """Store what came with new feedback, and let its customers be answered about it."""
    bulk.insert(
        Reading,
        [
            {"feedback_id": number, "kind": kind, "value": value}
            for number, draft in stored.items()
            for kind, value in draft.readings.items()
        ],
    )
    first = {
        draft.row["customer_id"]: number
        for number, draft in reversed([*stored.items()])
        if draft.row["customer_id"] is not None
    }
    authors.rest_on_own_requests(first, at=at)


def _draft(source: Source, incoming: Incoming, at: datetime) -> Draft:
    check_open(source)
    row = checked(source, incoming, at)
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.local_concrete_fields  # noqa: SLF001 -- Django's documented API
        if not field.primary_key
    }
    values["language"] = incoming.language
    return Draft(
        source=source, row=values, author=_author(source, incoming), readings=incoming.readings
    )


def _author(source: Source, incoming: Incoming) -> Author | None:
    if incoming.customer is None and incoming.person is None:
        return None
    person = authors.checked(incoming.person or Person())
    facts = incoming.facts or Facts(language=incoming.language or source.language)
    authors.check_facts(facts)
    known = incoming.customer.pk if incoming.customer else None
    return Author(source.pk, person, facts, known)


def check_open(source: Source) -> None:
    """Raises SourceClosed for a source that was switched off."""
    if not source.is_active:
        raise SourceClosed(_("The source “%(source)s” is switched off.") % {"source": source})


def checked(source: Source, incoming: Incoming, at: datetime) -> Feedback:
    """The row to store, not stored yet; asks the database nothing.

    Raises Invalid and Django's ValidationError for what could not be stored.
    """
    text.storable(incoming.external_id, field="external_id")
    feedback = _build(source, incoming, at)
    text.check(feedback)
    feedback.clean_fields(exclude=_GIVEN)
    for kind, value in incoming.readings.items():
        _check_reading(kind, value)
    return feedback


def _build(source: Source, incoming: Incoming, at: datetime) -> Feedback:
    if not incoming.verbatim.strip():
        raise errors.Invalid(_("There are no words in it."), field="verbatim", code="blank")
    language = incoming.language or (
        incoming.customer.language if incoming.customer else source.language
    )
    return Feedback(
        source=source,
        product=incoming.product or source.product,
        customer=incoming.customer,
        filed_by=incoming.filed_by,
        external_id=incoming.external_id,
        dedupe_key=dedupe_key(incoming.external_id),
        verbatim=incoming.verbatim,
        language=language,
        relation=incoming.relation,
        journey_stage=incoming.journey_stage,
        said_at=incoming.said_at or at,
        received_at=at,
        raw=incoming.raw,
        content_type=incoming.content_type,
        payload=incoming.payload,
    )


def _check_reading(kind: str, value: Decimal) -> None:
    Reading(kind=kind, value=value).clean_fields(exclude=["feedback"])
    low, high = SCALES[kind]
    if not low <= value <= high:
        message = _("A rating of this kind is a number from %(low)d to %(high)d.")
        raise errors.Invalid(
            message % {"low": low, "high": high}, field="readings", code="off_scale"
        )
