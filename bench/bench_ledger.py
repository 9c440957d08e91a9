"""Sealing what a busy minute writes to the ledger, against reading the same events alone."""

from datetime import timedelta

from django.utils import timezone

from backlog.models import Event
from bench import measure
from council.models import LedgerSeal
from council.operations import ledger_seals
from tests.factories import backlog

A_MINUTE = 300
"""Events: five a second, all day long."""


def figures() -> list[measure.Figure]:
    at = timezone.now()
    facts = backlog.EventFactory.create(kind="request.opened", at=at)
    columns = {
        field.attname: getattr(facts, field.attname)
        for field in Event._meta.concrete_fields
        if not field.primary_key
    }
    Event.objects.bulk_create(Event(**columns) for _ in range(20 * A_MINUTE))
    while ledger_seals.seal_ledger(by=None, at=at - timedelta(minutes=1)):
        pass

    def seal() -> None:
        Event.objects.bulk_create(Event(**columns) for _ in range(A_MINUTE))
        assert ledger_seals.seal_ledger(by=None, at=at) >= A_MINUTE

    def write_and_read() -> None:
        Event.objects.bulk_create(Event(**columns) for _ in range(A_MINUTE))
        list(Event.objects.order_by("-pk")[:A_MINUTE])

    found = measure.compare(
        "a minute of events sealed",
        ours=seal,
        limit=write_and_read,
        units=1,
        target="less than 0.6 s: one percent of the minute",
    )
    LedgerSeal.objects.all().delete()
    return [found]
