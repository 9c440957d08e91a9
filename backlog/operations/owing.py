"""Writing down what customers are owed, in the transaction of whatever they must hear of."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import (
    BigIntegerField,
    CharField,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from backlog.models import (
    Customer,
    CustomerRequest,
    Event,
    Evidence,
    News,
    Obligation,
    Outcome,
)
from backlog.models.requests import EvidenceQuerySet

_COLUMNS: Final = (
    "event_id",
    "customer_id",
    "request_id",
    "feedback_id",
    "outcome_id",
    "news_id",
    "status",
    "reason",
    "owed_at",
    "released_at",
)


@transaction.atomic
def owe(
    *,
    event: Event,
    request: CustomerRequest,
    at: datetime,
    outcome: Outcome | None = None,
    news: News | None = None,
    to: "QuerySet[Customer] | None" = None,
) -> int:
    """Every customer who asked for the request must hear of the event; returns how many.

    With `to`, only these of them.

    They asked through live evidence; a colleague who filed it for them did not. A person known
    under several records is owed once, an erased one nothing. Owing twice changes nothing.
    """
    owed = askers(request) if to is None else to
    return _write_set_wise(
        owed.order_by()
        .annotate(
            event_id=_number(event.pk),
            customer_id=F("pk"),
            request_id=_number(request.pk),
            feedback_id=_number(None),
            outcome_id=_number(outcome.pk if outcome else None),
            news_id=_number(news.pk if news else None),
            **_owed(at),
            released_at=Value(None, DateTimeField()),
        )
        .values(*_COLUMNS)
        .query.sql_with_params()
    )


def askers(request: CustomerRequest) -> "QuerySet[Customer]":
    """Who asked for it, each person once."""
    spoke = Evidence.objects.live().filter(counts_for=request, feedback__customer__isnull=False)
    return Customer.objects.filter(
        pk__in=spoke.values_list(Evidence.CUSTOMER), erased_at__isnull=True
    )


def unheard() -> EvidenceQuerySet:
    """Words that nobody came back on; `asker` is the number of who said them.

    Being told, by whatever message, ends the silence about all that the customer had said until
    then; what they say afterwards begins a new one.
    """
    told = Obligation.objects.filter(
        status__in=Obligation.HEARD,
        request=OuterRef("counts_for"),
        settled_at__gte=OuterRef("feedback__said_at"),
    )
    # Two conditions rather than one with an “or”: each can be looked up by the customer.
    return (
        Evidence.objects.live()
        .annotate(asker=Evidence.CUSTOMER)
        .filter(
            ~Exists(told.filter(customer=OuterRef("asker"))),
            ~Exists(told.filter(customer__merged_into=OuterRef("asker"))),
            asker__isnull=False,
            feedback__customer__erased_at__isnull=True,
        )
    )


def silent(request: CustomerRequest) -> "QuerySet[Customer]":
    """Who asked for it, has heard nothing of it since and is not being told; each person once."""
    waiting = unheard().filter(counts_for=request)
    leaving = Obligation.objects.filter(
        request=request, status=Obligation.Status.OWED, released_at__isnull=False
    )
    return Customer.objects.filter(
        pk__in=waiting.values_list(Evidence.CUSTOMER), erased_at__isnull=True
    ).exclude(pk__in=leaving.values_list(Obligation.PERSON))


@transaction.atomic
def owe_receipts(*, feedback_ids: Iterable[int], at: datetime) -> int:
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
            request_id=_number(None),
            feedback_id=F("feedback__pk"),
            outcome_id=_number(None),
            news_id=_number(None),
            **_owed(at),
            released_at=Value(at, DateTimeField()),
        )
        .values(*_COLUMNS)
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
