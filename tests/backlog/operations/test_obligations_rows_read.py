"""What is done for many customers reads a few rows for each of them, whatever the planner knows.

Rows that were written a moment ago are in no statistics: after an import, or where a table was
emptied, PostgreSQL takes them for next to none, and a statement that is joined in the wrong order
reads all of them for each. Rows are counted, not seconds.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from backlog.models import Notice, Obligation, Outcome, User
from backlog.operations import notice_composition, notices, obligations
from tests import audience

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

MANY = 500
A_FEW = 20
"""Rows of one table that one statement may read for each customer."""


@pytest.fixture
def as_new() -> None:
    """As nothing had ever been stored: the planner has never looked at these tables."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE backlog_customer, backlog_source, backlog_event CASCADE")


@pytest.fixture
def believed_empty() -> None:
    """As everything had been deleted, and the empty tables looked at."""
    with transaction.atomic():
        notice_composition.compose_notices(by=None, at=_announced(MANY).recorded_at)
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _announced(asked_by: int) -> Outcome:
    outcome = audience.record(asked_by=asked_by)
    obligations.release(outcome, by=None, at=timezone.now())
    return outcome


@contextmanager
def reading_at_most(rows: int) -> Iterator[None]:
    """Fails, naming the statement, if one reads more rows of a table."""
    greedy, is_counting = list[str](), False

    def watched(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal is_counting
        if is_counting:
            return execute(sql, *rest)
        is_counting = True
        before = _rows_read()
        try:
            return execute(sql, *rest)
        finally:
            for table, now in _rows_read().items():
                if now - before.get(table, 0) > rows:
                    greedy.append(f"{now - before.get(table, 0)} rows of {table}: {sql[:1500]}")
            is_counting = False

    with connection.execute_wrapper(watched):
        yield
    assert greedy == []


def _rows_read() -> dict[str, int]:
    """By table, since this transaction began."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0)"
            " FROM pg_stat_xact_user_tables"
        )
        return dict(cursor.fetchall())


@pytest.mark.usefixtures("as_new")
def test_to_owe_an_answer_to_customers_who_are_new_reads_each_a_few_times() -> None:
    with reading_at_most(MANY * A_FEW):
        audience.record(asked_by=MANY)

    assert Obligation.objects.count() == MANY


@pytest.mark.usefixtures("as_new")
def test_to_write_to_customers_who_are_new_reads_each_a_few_times() -> None:
    outcome = audience.record(asked_by=MANY)

    with reading_at_most(MANY * A_FEW):
        obligations.release(outcome, by=None, at=timezone.now())
        assert notice_composition.compose_notices(by=None, at=timezone.now()) == MANY
        claims = notices.claim_notices(by=None, at=timezone.now())
        notices.record_sent(
            notice_ids=[claim.notice.pk for claim in claims],
            lease_token=claims[0].token,
            by=None,
            at=timezone.now(),
        )


@pytest.mark.usefixtures("believed_empty")
def test_to_claim_messages_does_not_read_all_that_waits_for_each_of_them() -> None:
    _announced(MANY)
    notice_composition.compose_notices(by=None, at=timezone.now())

    with reading_at_most(MANY * A_FEW):
        claims = notices.claim_notices(by=None, at=timezone.now())

    assert len(claims) == 100


def test_to_list_messages_asks_none_what_it_tells_where_nothing_is_hidden(mina: User) -> None:
    _announced(10)
    notice_composition.compose_notices(by=None, at=timezone.now())
    before = _rows_read().get("backlog_noticeitem", 0)

    assert Notice.objects.visible_to(mina).count() == 10

    assert _rows_read()["backlog_noticeitem"] == before
