"""What the ledger has on record, in order."""

from typing import Any

from backlog.models import Event
from backlog.operations import events
from tests.factories import NOON
from tests.factories import backlog as make


def kinds() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def last() -> Event:
    return Event.objects.order_by("-pk")[0]


def facts(event: Event) -> dict[str, Any]:
    return {"kind": event.kind, "by": event.actor, "at": event.at, "data": event.data}


def happens(kind: str = "request.opened", **fields: Any) -> Event:
    request = make.RequestFactory.create(**fields)
    return events.record(kind, subject=request, request=request, by=None, at=NOON)
