"""Writing down what customers are owed, in the transaction of whatever they must hear of."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import (
    BigIntegerField,
    CharField,
    DateTimeField,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from backlog.models import Announcement, Customer, CustomerRequest, Event, Obligation, User
from backlog.queries import askers

_COLUMNS: Final = (
    "event_id",
    "customer_id",
    "account_id",
    "request_id",
    "feedback_id",
    "announcement_id",
    "status",
    "reason",
    "owed_at",
    "released_at",
)
# A customer has an `account_id`, too: the one of today.
_VALUES: Final = tuple("spoke_for" if name == "account_id" else name for name in _COLUMNS)


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
    owed = askers.askers(request) if to is None else to
    return _write_set_wise(
        owed.order_by()
        .annotate(
            event_id=_number(event.pk),
            customer_id=F("pk"),
            spoke_for=askers.spoke_for(OuterRef("pk"), _number(request.pk)),
            request_id=_number(request.pk),
            feedback_id=_number(None),
            announcement_id=_number(announcement.pk if announcement else None),
            **_owed(at),
            released_at=Value(None, DateTimeField()),
        )
        .values(*_VALUES)
        .query.sql_with_params()
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
        kind="feedback.received", subject_type="feedback", subject_id=OuterRef("feedback__pk")
    )
    return _write_set_wise(
        Customer.objects.filter(feedback__in=ids, erased_at__isnull=True)
        .order_by()
        .annotate(
            event_id=Subquery(received.values("pk")[:1]),
            customer_id=Coalesce("merged_into", "pk"),
            spoke_for=F("feedback__account"),
            request_id=_number(None),
            feedback_id=F("feedback__pk"),
            announcement_id=_number(None),
            **_owed(at),
            released_at=Value(at, DateTimeField()),
        )
        .values(*_VALUES)
        .query.sql_with_params()
    )


def _number(pk: int | None) -> Value:
    return Value(pk, BigIntegerField(null=True))


def _owed(at: datetime) -> dict[str, Any]:
    return {
        "status": Value(Obligation.Status.OWED.value, CharField()),
        "reason": Value("", CharField()),
        "owed_at": Value(at, DateTimeField()),
    }


def _write_set_wise(select: tuple[str, tuple[Any, ...]]) -> int:
    """INSERT … SELECT, which the ORM does not have: 100,000 rows never pass through Python."""
    sql, parameters = select
    table = Obligation._meta.db_table  # noqa: SLF001 -- Django's documented API
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(_COLUMNS)}) {sql}"
            " ON CONFLICT (event_id, customer_id) DO NOTHING",
            parameters,
        )
        return int(cursor.rowcount)
