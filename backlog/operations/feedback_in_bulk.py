"""Storing messages with who said them: one, many at once or from a file, it is one path.

Each message stands by itself, and the queries are a constant number.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django_stubs_ext import StrOrPromise

from backlog import errors
from backlog.db import bulk
from backlog.intake.problems import MESSAGES
from backlog.models import Feedback, Reading, Source, User
from backlog.operations import customers_in_bulk, erased_identifiers
from backlog.operations.customers_in_bulk import Author
from backlog.queries import affiliations as affiliation_queries
from backlog.queries import erased_identifiers as erased_identifier_queries
from backlog.queries import repeats
from backlog.queries import sources as source_queries
from backlog.queries.repeats import Settled

OTHER_WORDS: Final = "other_words"
NOTES: Final[Mapping[str, StrOrPromise]] = {
    **customers_in_bulk.NOTES,
    OTHER_WORDS: MESSAGES[OTHER_WORDS],
}
"""What may be said of a message beside whether it is new."""

_Key = tuple[int, str | None]
"""By which a message is known at its source, if it can be told from others there."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a message, with the codes in `NOTES` of what must be said of it."""

    id: int
    is_new: bool
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message that can be stored, as the row it will be.

    A blank language is the customer's, or else that of the words.
    """

    source: Source
    row: dict[str, Any]
    author: Author | None
    readings: Mapping[str, Decimal]

    @property
    def key(self) -> _Key:
        return self.source.pk, self.row["dedupe_key"]

    @property
    def message(self) -> repeats.Message:
        """What tells it from others."""
        content = repeats.content_of(self.row["verbatim"], self.readings)
        return repeats.Message(self.row["dedupe_key"], content)

    @property
    def names(self) -> list[erased_identifier_queries.Name]:
        """All that its author goes by."""
        if self.author is None:
            return []
        return erased_identifier_queries.names_of(
            source=self.source, **self.author.identifier._asdict()
        )


def store(
    drafts: Sequence[Draft], *, by: User | None, at: datetime
) -> list[Stored | errors.ErasedOnRequest]:
    """Store what is new, in a transaction of the caller's, who records it; in their order what
    became of each.

    Of the same message twice, the first is new. Whether it is the first is for the insert to find
    out: who was quicker makes it fail, as does who was forgotten meanwhile (`bulk.Overtaken`).
    """
    gone = check_forgotten(drafts)
    settled = _settle({place: it for place, it in enumerate(drafts) if place not in gone})
    gone |= {place for place, it in settled.items() if it.is_forgotten}
    # Copies, since who was quicker may make us try again.
    new = {
        place: replace(drafts[place], row={**drafts[place].row, "dedupe_key": it.key})
        for place, it in settled.items()
        if it.is_new
    }
    notes = _name_customers(new, by=by, at=at)
    numbers = bulk.insert_numbered(Feedback, [it.row for it in new.values()])
    fresh = dict(zip(new, numbers, strict=True))
    ids = {draft.key: fresh[place] for place, draft in new.items()}
    _complete({fresh[place]: draft for place, draft in new.items()}, by=by, at=at)

    def became(place: int) -> Stored | errors.ErasedOnRequest:
        if place in gone:
            return errors.ErasedOnRequest()
        if place in fresh:
            return Stored(fresh[place], is_new=True, notes=notes.get(place, ()))
        it = settled[place]
        known = it.known and it.known.id
        number = known or ids[drafts[place].source.pk, it.key]
        return Stored(number, is_new=False, notes=(OTHER_WORDS,) if it.is_changed else ())

    return [became(place) for place in range(len(drafts))]


def check_forgotten(drafts: Sequence[Draft]) -> set[int]:
    """The places of what was said by somebody who asked to be forgotten, as far as names tell."""
    names_of = [draft.names for draft in drafts]
    names = erased_identifier_queries.among({name for own in names_of for name in own})
    told = {it.author.customer_id for it in drafts if it.author and it.author.customer_id}
    customers = erased_identifier_queries.customers_among(told)
    return {
        place
        for place, draft in enumerate(drafts)
        if not names.isdisjoint(names_of[place])
        or (draft.author is not None and draft.author.customer_id in customers)
    }


def _by_source(drafts: Mapping[int, Draft]) -> dict[Source, dict[int, Draft]]:
    by_source: dict[Source, dict[int, Draft]] = {}
    for place, draft in drafts.items():
        by_source.setdefault(draft.source, {})[place] = draft
    return by_source


def _settle(drafts: Mapping[int, Draft]) -> dict[int, Settled]:
    """By their places, in their order, what is known, and under which key to store the rest."""
    settled: dict[int, Settled] = {}
    for source, some in _by_source(drafts).items():
        results = repeats.settle(source, [it.message for it in some.values()])
        settled |= zip(some, results, strict=True)
    return {place: settled[place] for place in drafts}


def _name_customers(
    drafts: Mapping[int, Draft], *, by: User | None, at: datetime
) -> dict[int, tuple[str, ...]]:
    """Give each row its customer, with the account that they spoke for, and its language where
    none is said; the notes, by place.
    """
    named = {place: it.author for place, it in drafts.items() if it.author is not None}
    found = customers_in_bulk.recognise(list(named.values()), by=by, at=at)
    recognised = dict(zip(named, found, strict=True))
    for place, each in recognised.items():
        drafts[place].row["customer_id"] = each.customer_id
    learnt = [drafts[place] for place, each in recognised.items() if each.has_learnt]
    languages = _lock_speakers({each.customer_id for each in found}, learnt)
    _name_accounts(drafts.values())
    for draft in drafts.values():
        if not draft.row["language"]:
            spoken = languages.get(draft.row["customer_id"])
            draft.row["language"] = spoken or source_queries.language_of(
                draft.source, draft.row["verbatim"]
            )
    return {place: each.notes for place, each in recognised.items()}


def _lock_speakers(ids: Collection[int], learnt: Iterable[Draft]) -> dict[int, str]:
    """The language of each; nobody forgets them meanwhile.

    Somebody may have been forgotten since we looked: one of them, or who goes by a name that has
    been learnt. From here on whoever forgets them waits for us.
    """
    languages = erased_identifiers.lock_kept(ids)
    if languages is None or erased_identifier_queries.among(
        {name for it in learnt for name in it.names}
    ):
        raise bulk.Overtaken
    return languages


def _name_accounts(drafts: Collection[Draft]) -> None:
    """The one of when they said it stays with the words, wherever they go later."""
    speakers = {draft.row["customer_id"] for draft in drafts} - {None}
    spans = affiliation_queries.spans_of(speakers) if speakers else {}
    for draft in drafts:
        own = spans.get(draft.row["customer_id"])
        account = affiliation_queries.account_at(own, draft.row["said_at"]) if own else None
        draft.row["account_id"] = account


def _complete(stored: Mapping[int, Draft], *, by: User | None, at: datetime) -> None:
    """Store what came with new feedback, and let its customers be answered about it.

    A rating alone asks for nothing that could be answered.
    """
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
        if draft.row["customer_id"] is not None and draft.row["verbatim"]
    }
    customers_in_bulk.rest_on_own_requests(first, by=by, at=at)
