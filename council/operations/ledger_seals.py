"""The ledger's chain: what was written since the last link becomes the next one."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from backlog.models import Event, Outcome, User
from backlog.models.feedback import new_salt
from council.models import LedgerSeal
from council.queries import ledger_seals as queries
from council.rules import ledger as rules
from council.rules.ledger import Entry

AT_ONCE: Final = 2_000
LATE: Final = 60
"""So many links, one a minute, an event may take from its number to the end of its transaction."""


def seal_ledger(*, by: User | None, at: datetime) -> int:
    """Seal what no link has yet; how many events. Writers wait for nothing: they are only read.

    Two that do it at once do it once.
    """
    try:
        return _seal(at=at)
    except IntegrityError:
        return 0  # Another worker has made this link.


@transaction.atomic
def _seal(*, at: datetime) -> int:
    last = LedgerSeal.objects.select_for_update().order_by("-number").first()
    events = queries.to_seal(limit=AT_ONCE, window=LATE)
    if not events:
        return 0
    number, previous = (last.number + 1, last.digest) if last else (1, "")
    entries = list(_entries(events))
    numbers = [event.pk for event in events]
    LedgerSeal.objects.create(
        number=number,
        first_event=min(numbers),
        last_event=max(numbers),
        events=len(events),
        entries=entries,
        previous=previous,
        digest=rules.link(previous, number, entries),
        sealed_at=at,
    )
    for event in events:
        if event.kind == queries.REDACTED and event.subject_type in (rules.EVENT, rules.OUTCOME):
            _forget(event.subject_type, event.subject_id)
    return len(events)


def _entries(events: Sequence[Event]) -> Iterator[Entry]:
    owed = [it.subject_id for it in events if it.kind in queries.SEALED_WITH]
    outcomes = Outcome.objects.in_bulk(owed)
    for event in events:
        salt = new_salt()
        content = queries.event_content(event)
        yield [rules.name(rules.EVENT, event.pk), salt, rules.digest(salt, content)]
        outcome = outcomes.get(event.subject_id) if event.kind in queries.SEALED_WITH else None
        if outcome is not None:
            salt = new_salt()
            digest = rules.digest(salt, queries.outcome_content(outcome))
            yield [rules.name(rules.OUTCOME, outcome.pk), salt, digest]


def _forget(kind: str, number: int) -> None:
    """Without its salt nobody can try names against the digest of what was redacted."""
    event = number
    if kind == rules.OUTCOME:
        recorded = Event.objects.filter(
            kind="outcome.recorded", subject_type=kind, subject_id=number
        )
        event = recorded.values_list("pk", flat=True).first() or 0
    what = rules.name(kind, number)
    for seal in LedgerSeal.objects.filter(first_event__lte=event, last_event__gte=event):
        entries = [[each, "" if each == what else salt, it] for each, salt, it in seal.entries]
        if entries != seal.entries:
            LedgerSeal.objects.filter(pk=seal.pk).update(entries=entries)
