"""What the ledger has on record, in order."""

from typing import Any

from backlog.models import Event


def kinds() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def last() -> Event:
    return Event.objects.order_by("-pk")[0]


def facts(event: Event) -> dict[str, Any]:
    return {"kind": event.kind, "by": event.actor, "at": event.at, "data": event.data}
