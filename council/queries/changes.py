"""What changed in the last days, as far as a person may read it; the latest first.

Over the last entries of the ledger, however many there ever were. When somebody was here last is
not kept: a page that is read writes nothing.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Max

from backlog.models import CustomerRequest, Event, User
from backlog.queries import history
from backlog.rules import calendars

DAYS: Final = 7
LOOKED_AT: Final = 2_000
READ, SHOWN = 60, 8
TOLD: Final = (
    "request.opened",
    "decision.recorded",
    "request.committed",
    "outcome.recorded",
    "outcome.announced",
    "status_update.announced",
    "reply.received",
)


@dataclass(frozen=True, slots=True)
class Change:
    """What happened on a day, to one request or, in the same words, to several."""

    entries: list[history.HistoryEntry]

    @property
    def latest(self) -> history.HistoryEntry:
        return self.entries[0]

    @property
    def is_several(self) -> bool:
        return len(self.entries) > 1

    @property
    def requests(self) -> list[CustomerRequest]:
        return list(dict.fromkeys(it.request for it in self.entries if it.request is not None))


def recent(user: User, *, at: datetime) -> list[Change]:
    if not user.has_perm("backlog.view_event"):
        return []
    newest = Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
    events = (
        Event.objects.of_kinds_seen_by(user)
        .filter(
            pk__gt=newest - LOOKED_AT,
            at__gte=at - timedelta(days=DAYS),
            kind__in=TOLD,
            request__in=CustomerRequest.objects.visible_to(user),
        )
        .with_token_names()
        .select_related("actor", "request")
        .order_by("-at", "-pk")
    )
    alike: dict[tuple[date, str], list[history.HistoryEntry]] = {}
    for entry in history.event_entries(list(events[:READ]), user):
        alike.setdefault((calendars.day_of(entry.at), str(entry.title)), []).append(entry)
    return [Change(entries) for entries in list(alike.values())[:SHOWN]]
