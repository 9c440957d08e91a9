"""Receiving many pieces of feedback at once, in a constant number of queries.

What is stored is what `feedback.receive_feedback` stores one by one; a test compares the two.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from backlog import errors
from backlog.models import Consent, Customer, Feedback, Reading, Source, User
from backlog.operations import authors, bulk, feedback, ledger, owing, repeats, text
from backlog.operations.authors import Facts, Person
from backlog.operations.feedback import Incoming

Fault = errors.Refusal | ValidationError


@dataclass(frozen=True, slots=True)
class Stored:
    id: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Draft:
    """A message that can be stored, as the row it will be."""

    row: dict[str, Any]
    incoming: Incoming


def receive_many(
    *, messages: Sequence[tuple[Source, Incoming]], by: User | None, at: datetime
) -> list[Stored | Fault]:
    """Store what is new; in their order what became of each, or why it was refused.

    Each stands by itself: one that is refused holds up no other. Of the same message twice, the
    first is new.
    """
    results: dict[int, Stored | Fault] = {}
    drafts: dict[Source, dict[int, _Draft]] = {}
    for place, (source, incoming) in enumerate(messages):
        try:
            drafts.setdefault(source, {})[place] = _draft(source, incoming, at)
        except (errors.Refusal, ValidationError) as fault:
            results[place] = fault
    for source, placed in drafts.items():
        store = partial(_store, source=source, by=by, at=at)
        stored = bulk.despite_races(store, list(placed.values()))
        results |= dict(zip(placed, stored, strict=True))
    return [results[place] for place in range(len(messages))]


def _draft(source: Source, incoming: Incoming, at: datetime) -> _Draft:
    feedback.check_open(source)
    row = feedback.checked(source, incoming, at)
    for name in (*(incoming.person or ()), incoming.facts.name if incoming.facts else ""):
        text.storable(name, field="customer")
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.local_concrete_fields  # noqa: SLF001 -- Django's documented API
        if not field.primary_key
    }
    return _Draft(values, incoming)


@transaction.atomic
def _store(
    drafts: Sequence[_Draft], *, source: Source, by: User | None, at: datetime
) -> list[Stored]:
    _settle(drafts, source)
    ids = _known(drafts, source)
    new = _first_ones(drafts, known=ids.keys())
    _name_customers(new.values(), source, by=by, at=at)
    numbers = dict(
        zip(new, bulk.insert_numbered(Feedback, [it.row for it in new.values()]), strict=True)
    )
    ids |= {draft.row["dedupe_key"]: numbers[place] for place, draft in new.items()}
    stored = {numbers[place]: draft for place, draft in new.items()}
    _complete(stored, at=at)
    data = {"source": source.pk}
    ledger.record_many("feedback.received", subject=Feedback, ids=stored, by=by, at=at, data=data)
    if source.acknowledges:
        asking = [number for number, draft in stored.items() if draft.row["verbatim"]]
        owing.owe_receipts(feedback_ids=asking, at=at)
    return [
        Stored(numbers[place], is_new=True)
        if place in numbers
        else Stored(ids[draft.row["dedupe_key"]], is_new=False)
        for place, draft in enumerate(drafts)
    ]


def _settle(drafts: Sequence[_Draft], source: Source) -> None:
    """Give what its source keeps beside the first, though it has its number, a key of its own."""
    messages = [feedback.message_of(it.row["dedupe_key"], it.incoming) for it in drafts]
    for draft, settled in zip(drafts, repeats.settle(source, messages), strict=True):
        draft.row["dedupe_key"] = settled.key


def _known(drafts: Iterable[_Draft], source: Source) -> dict[str, int]:
    keys = [draft.row["dedupe_key"] for draft in drafts if draft.row["dedupe_key"]]
    found = Feedback.objects.filter(source=source, dedupe_key__among=keys)
    return {str(key): number for key, number in found.values_list("dedupe_key", "pk")}


def _first_ones(drafts: Sequence[_Draft], *, known: Iterable[str]) -> dict[int, _Draft]:
    """By their places those that came before neither in the database nor among these."""
    seen = set(known)
    new: dict[int, _Draft] = {}
    for place, draft in enumerate(drafts):
        key = draft.row["dedupe_key"]
        if key not in seen:
            new[place] = draft
        if key is not None:
            seen.add(key)
    return new


def _name_customers(
    drafts: Iterable[_Draft], source: Source, *, by: User | None, at: datetime
) -> None:
    """Give each row its customer, and the customer's language where none is said."""
    named = [
        (draft, draft.incoming.person)
        for draft in drafts
        if draft.incoming.person is not None and draft.incoming.customer is None
    ]
    people: dict[Person, Facts] = {}
    for draft, person in named:
        people.setdefault(person, feedback.facts_of(source, draft.incoming))
    recognised = authors.recognise(people, source=source, at=at)
    known = Customer.objects.filter(pk__among=list(recognised.ids.values()))
    languages = dict(known.values_list("pk", "language"))
    for draft, person in named:
        customer = recognised.ids[person]
        draft.row["customer_id"] = customer
        draft.row["language"] = draft.incoming.language or languages[customer]
    added = recognised.new
    reachable = [customer for customer, person in added.items() if person.email]
    ledger.record_many("customer.added", subject=Customer, ids=added, by=by, at=at)
    ledger.record_many("contact_point.added", subject=Customer, ids=reachable, by=by, at=at)


def _complete(stored: dict[int, _Draft], *, at: datetime) -> None:
    """Store what came with new feedback, and let its customers be answered about it."""
    bulk.insert(
        Reading,
        [
            {"feedback_id": number, "kind": kind, "value": value}
            for number, draft in stored.items()
            for kind, value in draft.incoming.readings.items()
        ],
    )
    first = {
        draft.row["customer_id"]: number
        for number, draft in reversed(stored.items())
        if draft.row["customer_id"] is not None and draft.row["verbatim"]
    }
    consented = authors.rest_on_own_requests(first, at=at)
    basis = {"purpose": Consent.Purpose.LOOP, "basis": Consent.Basis.OWN_REQUEST}
    ledger.record_many("consent.given", subject=Customer, ids=consented, by=None, at=at, data=basis)
