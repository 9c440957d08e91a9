"""What an outcome with very many customers costs: writing what is owed, then the messages.

How long the first of the messages waits until it may leave is said beside.

The limit is one bare INSERT … SELECT of the very same rows into the same tables, with all their
constraints and indexes, from rows that are there already.
"""

import itertools
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from backlog.models import Event, Notice, Obligation, Outcome
from backlog.operations import notice_composition, obligations, obligations_in_bulk
from bench import measure
from tests import audience
from tests.factories import NOON
from tests.factories import backlog as make

CUSTOMERS: Final = 100_000 if measure.IS_LARGE else 20_000
ROUNDS: Final = 3


def figures() -> Iterator[measure.Figure]:
    outcome = audience.record(asked_by=CUSTOMERS)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum would have done by now
    owed = outcome.obligations.values_list("event_id", flat=True)[0]
    events = _events(outcome)
    yield measure.compare(
        f"owe {CUSTOMERS:,} customers an answer",
        ours=lambda: _owe(outcome, next(events)),
        limit=lambda: _copy_obligations(owed, next(events)),
        units=CUSTOMERS,
        target="≥ 0.50",
        rounds=ROUNDS,
    )
    Obligation.objects.exclude(event=owed).delete()
    yield measure.compare(
        f"write {CUSTOMERS:,} notices",
        ours=lambda: _compose(outcome),
        limit=_again(_copy_notices),
        units=CUSTOMERS,
        target="≥ 0.25",
        rounds=1,
    )
    held = _most_memory(lambda: _owe(outcome, next(events)))
    print(f"owing {CUSTOMERS:,} customers holds {held:,} KiB of Python's memory at the most")


def _events(outcome: Outcome) -> Iterator[Event]:
    request = outcome.commitment.request
    return (make.EventFactory.create(request=request) for _ in itertools.count())


def _owe(outcome: Outcome, event: Event) -> None:
    request = outcome.commitment.request
    assert (
        obligations_in_bulk.create_obligations(
            event=event, request=request, announcement=outcome.announcement, by=None, at=NOON
        )
        == CUSTOMERS
    )


@transaction.atomic
def _copy_obligations(owed: int, event: Event) -> None:
    columns = "customer_id, request_id, announcement_id, status, reason, owed_at"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO backlog_obligation (event_id, {columns})"
            f" SELECT %s, {columns} FROM backlog_obligation WHERE event_id = %s",
            [event.pk, owed],
        )
        assert cursor.rowcount == CUSTOMERS


def _compose(outcome: Outcome) -> None:
    obligations.release(outcome, by=None, at=timezone.now())
    first = measure.seconds(lambda: notice_composition.compose_notices(by=None, at=timezone.now()))
    print(f"of {CUSTOMERS:,} messages the first may leave {first:.1f} seconds after the release")
    while notice_composition.compose_notices(by=None, at=timezone.now()):
        pass
    assert Notice.objects.count() == CUSTOMERS


def _again(work: Callable[[], None]) -> Callable[[], None]:
    """The same work, undone afterwards, so that it can be done after ours."""

    def run() -> None:
        with transaction.atomic():
            work()
            transaction.set_rollback(True)

    return run


def _copy_notices() -> None:
    fields = [field for field in Notice._meta.fields if not field.primary_key]
    columns = [connection.ops.quote_name(str(field.column)) for field in fields]
    values = ["dedupe_key || '-'" if c == '"dedupe_key"' else c for c in columns]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO backlog_notice ({', '.join(columns)})"
            f" SELECT {', '.join(values)} FROM backlog_notice"
        )
        cursor.execute("UPDATE backlog_noticeitem SET is_live = FALSE")
        cursor.execute(
            "INSERT INTO backlog_noticeitem (notice_id, obligation_id, is_live)"
            " SELECT notice_id, obligation_id, TRUE FROM backlog_noticeitem"
        )


def _most_memory(work: Callable[[], None]) -> int:
    tracemalloc.start()
    work()
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most // 1024
