"""A request's history: everything from the first words to the last answer, in order.

One query on the ledger, one for the words, and one for each kind of thing that the ledger, which
holds ids and codes only, needs told in words. Other apps register readers of their kinds.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from backlog.models import Customer, CustomerRequest, Event, Evidence, Feedback, User
from backlog.queries import origins
from backlog.rules import events as rules

SAID = "feedback.said"

Viewer = User | AnonymousUser | None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One thing that happened. `words` are somebody's own; `detail` is what else there is to know.

    `request` is the one it concerns, as far as it concerns one.
    """

    at: datetime
    kind: str
    actor: User | None
    subject_type: str
    subject_id: int
    title: StrOrPromise
    words: str = ""
    detail: StrOrPromise = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    request: CustomerRequest | None = None
    way: str = ""
    through: str = ""
    """The way in words, where it was another than a page."""
    number: int = 0
    """Of the event, or of the words."""


@dataclass(frozen=True, slots=True)
class EventText:
    """What a reader says of one event."""

    title: StrOrPromise
    words: str = ""
    detail: StrOrPromise = ""


# Reads all events of its kinds at once, and tells each by the event's id. Customers' names are for
# viewers with the permission to see customers; without a viewer they are left out.
Reader = Callable[[Sequence[Event], Viewer], Mapping[int, EventText]]

_readers: dict[str, Reader] = {}


def register(kind: str, reader: Reader) -> None:
    """Let `reader` tell events of one kind (`reply.received`), or all that begin so (`reply.`)."""
    _readers[kind] = reader


class Place(NamedTuple):
    """Of an entry in a history; at the same time, words come before events."""

    at: datetime
    is_event: bool
    number: int


def place_of(entry: HistoryEntry) -> Place:
    return Place(entry.at, entry.kind != SAID, entry.number)


def history_of(
    request: CustomerRequest,
    *,
    viewer: Viewer = None,
    latest: int | None = None,
    before: Place | None = None,
) -> list[HistoryEntry]:
    """The line in order of time, or only its latest entries, up to the one at `before`."""
    events = request.events.select_related("actor").with_token_names().order_by("-at", "-pk")
    if viewer is not None:
        events = events.of_kinds_seen_by(viewer)
    if before is not None:
        events = events.filter(_earlier(before, "at", is_event=True))
    entries = event_entries(list(events[:latest])[::-1], viewer)
    line = sorted(chain(_words(request, viewer, latest, before), entries), key=place_of)
    return line if latest is None else line[-latest:]


def _earlier(before: Place, column: str, *, is_event: bool) -> Q:
    """Where `column` says when it was: what stands before that place."""
    earlier = Q(**{f"{column}__lt": before.at})
    if is_event == before.is_event:
        return earlier | Q(**{column: before.at, "pk__lt": before.number})
    return earlier | Q(**{column: before.at}) if before.is_event else earlier


def event_entries(events: Sequence[Event], viewer: Viewer) -> list[HistoryEntry]:
    """The events in their order, each as its reader tells it."""
    event_texts = _event_texts(events, viewer)
    return [_entry(event, event_texts.get(event.pk), viewer) for event in events]


def feedback_entry(feedback: Feedback, *, title: StrOrPromise) -> HistoryEntry:
    """A customer's words."""
    return HistoryEntry(
        at=feedback.said_at,
        kind=SAID,
        actor=None,
        subject_type="feedback",
        subject_id=feedback.pk,
        title=title,
        words=feedback.verbatim,
        detail=feedback.source.name,
        data={"language": feedback.language, "source": feedback.source_id},
        number=feedback.pk,
    )


def may_see_customers(viewer: Viewer) -> bool:
    return viewer is not None and viewer.has_perm("backlog.view_customer")


def _nothing(permission: str) -> bool:
    return False


def _event_texts(events: Sequence[Event], viewer: Viewer) -> dict[int, EventText]:
    by_reader: dict[Reader, list[Event]] = defaultdict(list)
    for event in events:
        family = event.kind.partition(".")[0] + "."
        reader = _readers.get(event.kind) or _readers.get(family)
        if reader is not None:
            by_reader[reader].append(event)
    event_texts: dict[int, EventText] = {}
    for reader, concerned in by_reader.items():
        event_texts.update(reader(concerned, viewer))
    return event_texts


def _entry(event: Event, event_text: EventText | None, viewer: Viewer) -> HistoryEntry:
    """An event without a reader is told by the sentence of its kind, so that none is left out."""
    event_text = event_text or EventText(rules.sentence_of(event.kind))
    may = viewer.has_perm if viewer else _nothing
    return HistoryEntry(
        at=event.at,
        kind=event.kind,
        actor=event.actor,
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        title=event_text.title,
        words=event_text.words or event.reason,
        detail=event_text.detail,
        data=rules.shown(event.kind, event.data, may),
        request=event.request,
        way=event.way,
        through="" if event.way == Event.Way.PAGE else origins.phrase(event, may),
        number=event.pk,
    )


def _words(
    request: CustomerRequest, viewer: Viewer, latest: int | None, before: Place | None
) -> list[HistoryEntry]:
    """What customers said, when they said it: words come before all that became of them."""
    shown = Evidence.objects.all() if viewer is None else Evidence.objects.visible_to(viewer)
    speaks_for_it = shown.live().filter(counts_for=request).values("feedback")
    rows = (
        Feedback.objects.filter(pk__in=speaks_for_it)
        .select_related("source", "customer")
        .prefetch_related("customer__contact_points")
        .defer("raw", "payload")
        .order_by("-said_at", "-pk")
    )
    if before is not None:
        rows = rows.filter(_earlier(before, "said_at", is_event=False))
    return [feedback_entry(it, title=_sayer(it.customer, viewer)) for it in rows[:latest]]


def _sayer(customer: Customer | None, viewer: Viewer) -> StrOrPromise:
    known = customer is not None and may_see_customers(viewer)
    return str(customer) if known else _("A customer said")
