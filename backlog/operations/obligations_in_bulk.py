"""Writing down what customers are owed, in the transaction of whatever they must hear of."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import OuterRef, QuerySet, Subquery

from backlog.models import (
    Announcement,
    Customer,
    CustomerRequest,
    Event,
    Evidence,
    Feedback,
    Obligation,
    User,
)
from backlog.queries import askers


@transaction.atomic
def create_obligations(
    *,
    event: Event,
    request: CustomerRequest,
    by: User | None,
    at: datetime,
    announcement: Announcement | None = None,
    to: "QuerySet[Customer] | None" = None,
) -> int:
    """Every customer who asked for the request must hear of the event; returns how many.

    With `to`, only these of them.

    They asked through live evidence; a colleague who filed it for them did not. A person known
    under several records is owed once, an erased one nothing. Owing twice changes nothing.
    """
    owed = askers.last_words(request)
    if to is not None:
        owed = owed.filter(person__in=to.order_by().values("pk"))
    return _write_set_wise(
        owed.values_list("person", Evidence.ACCOUNT),
        ("customer_id", "account_id"),
        event_id=event.pk,
        request_id=request.pk,
        announcement_id=announcement.pk if announcement else None,
        owed_at=at,
    )


@transaction.atomic
def create_receipts(*, feedback_ids: Iterable[int], by: User | None, at: datetime) -> int:
    """Who said this must hear that it has arrived, and may at once; returns how many.

    Of words of a colleague's own, and of a person who was erased, nobody is told.
    """
    ids = list(feedback_ids)
    if not ids:
        return 0
    received = Event.objects.filter(
        kind="feedback.received", subject_type="feedback", subject_id=OuterRef("pk")
    )
    event = Subquery(received.values("pk")[:1])
    words = Feedback.objects.filter(
        pk__in=ids, customer__isnull=False, customer__erased_at__isnull=True
    )
    return _write_set_wise(
        words.order_by().values_list(event, Obligation.PERSON, "account", "pk"),
        ("event_id", "customer_id", "account_id", "feedback_id"),
        owed_at=at,
        released_at=at,
    )


def _write_set_wise(
    rows: "QuerySet[Any, tuple[Any, ...]]", columns: Sequence[str], **same_for_all: Any
) -> int:
    """INSERT … SELECT, which the ORM does not have: 100,000 rows never pass through Python."""
    values: dict[str, Any] = {"status": Obligation.Status.OWED.value, "reason": "", **same_for_all}
    table = Obligation._meta.db_table  # noqa: SLF001 -- Django's documented API
    found, parameters = rows.query.sql_with_params()
    statement = (
        f"INSERT INTO {table} ({', '.join([*columns, *values])})"  # noqa: S608 -- names are ours
        f" SELECT found.*, {', '.join(['%s'] * len(values))} FROM ({found}) AS found"
        # Without a condition, SQLite takes what follows for that of a join.
        " WHERE true ON CONFLICT (event_id, customer_id) DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values.values(), *parameters])
        return int(cursor.rowcount)
