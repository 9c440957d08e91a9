"""Letters: what colleagues are owed by mail; written once, claimed, and what became of it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction

from backlog.models import User
from backlog.rules import bounces, calendars, retries
from council.models import ActionItem, Ballot, LedgerSeal, Letter, Meeting, Minutes
from council.models.letters import LetterQuerySet
from council.queries import minutes as minutes_queries
from council.queries import reminders as reminder_queries

LEASE: Final = timedelta(minutes=10)
BATCH: Final = 20
Kind = Letter.Kind
Status = Letter.Status


@transaction.atomic
def write_to_all(minutes: Minutes, kind: str, *, by: User | None, at: datetime) -> None:
    """Everybody who was there is owed this about the minutes; once, however often it is said."""
    people = minutes_queries.were_there(minutes.meeting).filter(is_active=True)
    _write(kind, people, key=f"{minutes.pk}", minutes=minutes, by=by, at=at)


@transaction.atomic
def remind_of_agenda(
    meeting: Meeting, people: Iterable[User], *, by: User | None, at: datetime
) -> list[int]:
    """Who has not read its agenda is owed a reminder, one a day. Whom it is written to, as ids."""
    key = f"{meeting.pk}:{calendars.day_of(at).isoformat()}"
    return _write(Kind.AGENDA, people, key=key, meeting=meeting, by=by, at=at)


@transaction.atomic
def remind_of_ballot(
    ballot: Ballot, people: Iterable[User], *, by: User | None, at: datetime
) -> list[int]:
    """Who has not answered it is owed a reminder, one a day. Whom it is written to, as ids."""
    key = f"{ballot.pk}:{calendars.day_of(at).isoformat()}"
    return _write(Kind.BALLOT, people, key=key, ballot=ballot, by=by, at=at)


@transaction.atomic
def remind_of_minutes(
    minutes: Minutes, people: Iterable[User], *, times: int, by: User | None, at: datetime
) -> None:
    """Those whose turn it is hear that the minutes are not approved, once for each `times`."""
    key = f"{minutes.pk}:{times}"
    _write(Kind.OVERDUE_MINUTES, people, key=key, minutes=minutes, by=by, at=at)


@transaction.atomic
def remind_of_action(action: ActionItem, kind: str, *, by: User | None, at: datetime) -> None:
    """Its owner hears that it is due, once for each day that it was to be done by."""
    key = f"{action.pk}:{action.due_on.isoformat()}"
    _write(kind, [action.owner], key=key, action_item=action, by=by, at=at)


def _write(
    kind: str,
    people: Iterable[User],
    *,
    key: str,
    by: User | None,
    at: datetime,
    **about: Meeting | Ballot | Minutes | ActionItem,
) -> list[int]:
    """To those who have none under this key; the conflict is ignored where two write at once."""
    keys = {f"{kind}:{key}:{user.pk}": user for user in people}
    known = Letter.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True)
    for each in list(known):
        del keys[each]
    Letter.objects.bulk_create(
        (
            Letter(kind=kind, user=user, dedupe_key=each, created_at=at, not_before=at, **about)
            for each, user in keys.items()
        ),
        ignore_conflicts=True,
    )
    return [user.pk for user in keys.values()]


@transaction.atomic
def claim(*, by: User | None, at: datetime, limit: int = BATCH) -> list[Letter]:
    """Letters that this worker sends now, and no other while the lease lasts.

    What killed two workers already is given up rather than tried for ever; what is not needed any
    more is cancelled.
    """
    can_skip = connection.features.has_select_for_update_skip_locked
    due = Letter.objects.due(at=at).select_for_update(skip_locked=can_skip, of=("self",))
    claimed = []
    for letter in due.order_by("not_before", "pk")[:limit]:
        if letter.attempts >= retries.MAX_ATTEMPTS:
            letter.status, letter.lease_until = Status.DEAD, None
        elif not reminder_queries.is_needed(letter, at=at):
            letter.status, letter.lease_until = Status.CANCELLED, None
        else:
            letter.status, letter.lease_until = Status.SENDING, at + LEASE
            letter.attempts += 1
            claimed.append(letter)
        letter.save(update_fields=["status", "lease_until", "attempts"])
    return claimed


@transaction.atomic
def put_back(*, untried: Iterable[Letter], by: User | None, at: datetime) -> None:
    """There is no server: what was claimed and not tried waits as before."""
    for letter in untried:
        _leased(letter).update(status=Status.QUEUED, lease_until=None, attempts=letter.attempts - 1)


@transaction.atomic
def record_sent(
    *, letter: Letter, anchor: LedgerSeal | None, by: User | None, at: datetime
) -> None:
    """The server took it, with this head of the ledger in it."""
    _leased(letter).update(
        status=Status.SENT,
        lease_until=None,
        sent_at=at,
        failure="",
        anchor_number=anchor.number if anchor else None,
        anchor_digest=anchor.digest if anchor else "",
    )


@transaction.atomic
def record_failure(
    *, letter: Letter, failure: str, is_permanent: bool, by: User | None, at: datetime
) -> None:
    """It did not leave: it is tried again later, or given up where that is of no use."""
    is_over = is_permanent or letter.attempts >= retries.MAX_ATTEMPTS
    _leased(letter).update(
        status=Status.DEAD if is_over else Status.QUEUED,
        lease_until=None,
        failure=failure[: bounces.KEPT],
        not_before=at + retries.wait_after(letter.attempts, row=letter.pk),
    )


def _leased(letter: Letter) -> LetterQuerySet:
    """While it is still this worker's: the lease is the one it was claimed with."""
    return Letter.objects.filter(
        pk=letter.pk, status=Status.SENDING, lease_until=letter.lease_until
    )
